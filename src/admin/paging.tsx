/** Pages under a long list: plain links, each with the whole question in its address. */

interface PagingProps {
  readonly page: number;
  readonly pages: number;
  /** On one page. */
  readonly size: number;
  /** On all pages. */
  readonly found: number;
  readonly address: (page: number) => string;
}

export function Paging({ page, pages, size, found, address }: PagingProps) {
  if (pages < 2) return null;
  const first = (page - 1) * size + 1;
  const last = Math.min(page * size, found);
  const [from, to, of] = [first, last, found].map((count) => count.toLocaleString("en"));
  return (
    <nav class="pages" aria-label="Pages">
      <PageLink to={page - 1} pages={pages} address={address} rel="prev">
        ← Previous
      </PageLink>
      <span>
        {from}–{to} of {of}
      </span>
      <PageLink to={page + 1} pages={pages} address={address} rel="next">
        Next →
      </PageLink>
    </nav>
  );
}

interface PageLinkProps extends Pick<PagingProps, "pages" | "address"> {
  readonly to: number;
  readonly rel: "prev" | "next";
  readonly children: string;
}

/** At either end the word stays where it was, without a link. */
function PageLink({ to, pages, address, rel, children }: PageLinkProps) {
  if (to < 1 || to > pages) return <span class="off">{children}</span>;
  return (
    <a rel={rel} href={address(to)}>
      {children}
    </a>
  );
}
