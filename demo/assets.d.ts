// What importing a file that is not code gives, once the bundler has put it into the Worker.
declare module "*.css" {
  const text: string;
  export default text;
}

declare module "*.html" {
  const text: string;
  export default text;
}

declare module "*.graphql" {
  const text: string;
  export default text;
}

declare module "*.client.js" {
  const text: string;
  export default text;
}

declare module "*.woff2" {
  const bytes: Uint8Array;
  export default bytes;
}
