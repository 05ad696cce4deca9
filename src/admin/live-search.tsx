/** Search as you type: the form of the page is asked after a pause, and what it would show takes its place. */

import type { Context } from "hono";
import { hashText } from "./stylesheet.ts";

/**
 * What is marked `data-live` is replaced, and the field stays as it is, with its focus and its caret. Whatever goes wrong,
 * the form is sent as without a script: what stands behind a sign-in, or another page's shape, is then seen.
 */
const script = `
const form=document.querySelector("search>form"),parts=root=>[...root.querySelectorAll("[data-live]")];
let timer,asking;
const stop=()=>{clearTimeout(timer);asking?.abort()};
const ask=async()=>{
const {signal}=asking=new AbortController,url=new URL(form.action);
url.search=new URLSearchParams([...new FormData(form)].filter(([,text])=>text));
try{
const answer=await fetch(url,{signal});
if(!answer.ok)throw 0;
const found=parts(new DOMParser().parseFromString(await answer.text(),"text/html")),shown=parts(document);
if(found.length!==shown.length)throw 0;
shown.forEach((part,at)=>part.replaceChildren(...found[at].childNodes));
history.replaceState(null,"",url)
}catch{signal.aborted||form.submit()}
};
form?.addEventListener("input",()=>{stop();timer=setTimeout(ask,250)});
addEventListener("beforeunload",stop);
`.replaceAll("\n", "");

export const LIVE_SEARCH_PATH = `/search.${hashText(script)}.js`;

export function LiveSearch() {
  return <script type="module" src={LIVE_SEARCH_PATH} />;
}

export function answerLiveSearch(c: Context): Response {
  return c.body(script, 200, {
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": "public, max-age=31536000, immutable",
  });
}
