/** SOAP: the one service of it that a shopper's client can use, setting and taking out a guest's coupon. */

import { answer } from "./answer.ts";
import { findCart } from "./cart.ts";
import { dropCoupons, type RestFailure, setCoupon } from "./rest/coupon.ts";
import { withoutScript } from "./store-view.ts";
import type { Visit } from "./visit.ts";
import { decodeXml, textOf, unreadable } from "./xml.ts";

const service = "quoteGuestCouponManagementV1";

/** `/soap/[<store view>]?services=quoteGuestCouponManagementV1[,…]`. */
export async function serveSoap(visit: Visit): Promise<Response> {
  if (!/^\/soap(\/[a-z_]\w*)?\/?$/.test(withoutScript(visit.url.pathname)))
    return fault(visit, noSuchService);
  const services = (visit.url.searchParams.get("services") ?? "").split(",").map((one) => one.trim());
  if (!services.includes(service)) return fault(visit, noSuchService);
  if (visit.request.method !== "POST") return send(visit, 200, wsdl(visit));
  const xml = decodeXml(new Uint8Array(await visit.request.arrayBuffer()));
  const refused = unreadable(xml);
  if (refused !== null) return fault(visit, { status: 500, body: { message: refused } });
  const operation = new RegExp(`<(?:[\\w.-]+:)?${service}(Set|Remove|Get)Request[\\s/>]`).exec(xml)?.[1];
  const cart = findCart(textOf(xml, "cartId") ?? "");
  if (operation === undefined) return fault(visit, noSuchService);
  if (cart === null || cart.owner !== null) {
    const parameters = { fieldName: "cartId", fieldValue: textOf(xml, "cartId") ?? "" };
    const message = "No such entity with %fieldName = %fieldValue";
    return fault(visit, { status: 500, body: { message, parameters } });
  }
  if (operation === "Get") return result(visit, operation, cart.coupons[0]?.code ?? "");
  const outcome =
    operation === "Set" ? setCoupon(visit, cart, textOf(xml, "couponCode") ?? "") : dropCoupons(visit, cart);
  return outcome === true ? result(visit, operation, "true") : fault(visit, outcome);
}

const noSuchService: RestFailure = {
  status: 500,
  body: { message: 'Requested service is not available: "%1"', parameters: [service] },
};

function result(visit: Visit, operation: string, value: string): Promise<Response> {
  const name = `ns1:${service}${operation}Response`;
  return send(visit, 200, envelope(visit, `<${name}><result>${escapeXml(value)}</result></${name}>`));
}

function fault(visit: Visit, { body }: RestFailure): Promise<Response> {
  const { message, parameters } = body;
  const text = `<env:Text xml:lang="en">${escapeXml(fill(String(message), parameters))}</env:Text>`;
  const code = "<env:Code><env:Value>env:Sender</env:Value></env:Code>";
  return send(visit, 500, envelope(visit, `<env:Fault>${code}<env:Reason>${text}</env:Reason></env:Fault>`));
}

/** SOAP has the parameters in the text, where REST leaves that to the client. */
function fill(message: string, parameters: unknown): string {
  const values = typeof parameters === "object" && parameters !== null ? Object.entries(parameters) : [];
  return values.reduce((text, [key, value]) => {
    const name = Array.isArray(parameters) ? String(Number(key) + 1) : key;
    return text.replaceAll(`%${name}`, String(value));
  }, message);
}

function envelope(visit: Visit, body: string): string {
  const address = escapeXml(`${visit.base}soap/default?services=${service}`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:ns1="${address}"><env:Body>${body}</env:Body></env:Envelope>
`;
}

/** As much of one as tells a client the operations and where to send them. */
function wsdl(visit: Visit): string {
  const address = escapeXml(`${visit.base}soap/default?services=${service}`);
  const operations = ["Get", "Set", "Remove"].map((one) => `<operation name="${service}${one}"/>`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" name="MagentoWSDL" targetNamespace="${address}"><portType name="${service}PortType">${operations}</portType><service name="${service}Service"><port name="${service}Port"><soap12:address location="${address}"/></port></service></definitions>
`;
}

function send(visit: Visit, status: number, body: string): Promise<Response> {
  const type = status === 200 && visit.request.method !== "POST" ? "text/xml" : "application/soap+xml";
  return answer(visit, { status, type: `${type}; charset=UTF-8`, body, caching: { kind: "private" } });
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
