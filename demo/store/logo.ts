/** The shop's mark: two hills over a tarn. */

/** The mark alone, or the mark and the name. The name is drawn by the page's own typeface. */
export function drawLogo(parts: "mark" | "full" = "full"): string {
  const mark = `<path fill="#1d4637" d="M2 24 13 6l6.2 10L23 10l11 14z"/>
  <path fill="#cfe04a" d="M9 27h18l-3 2.6H12z"/><path fill="#1d4637" d="M13.5 31.4h9l-2.2 1.9h-4.6z"/>`;
  if (parts === "mark") {
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36">${mark}</svg>`;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36" width="36" height="36">${mark}</svg>`;
}
