/** How the shop's pages and the lobby reach Adobe: the merchant's datastream and organization. */

export interface WebSdk {
  readonly datastreamId: string;
  readonly organizationId: string;
}
