/** Page types: Luma says in `<body class>` what a page is, and it comes before every place of a banner. */

/** Reads the class as the page streams by. The answer holds for what comes after the body's own tag. */
export function watchPageType(rewriter: HTMLRewriter): (pageTypes: readonly string[]) => boolean {
  let classes: readonly string[] = [];
  rewriter.on("body", {
    element(body) {
      classes = (body.getAttribute("class") ?? "").split(/\s+/);
    },
  });
  return (pageTypes) => pageTypes.some((type) => classes.includes(type));
}
