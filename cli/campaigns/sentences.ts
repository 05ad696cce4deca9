/** What an editor says of each key of the campaigns file, by the keys that lead to it. The Worker does without. */

type Sentences = Readonly<Record<string, string>>;

const ofSchedule: Sentences = {
  from: "From then on; without it, at once.",
  until: "No longer at that very moment; without it, forever.",
  timeZone: 'Of times without an offset: an IANA name, like "Europe/Berlin"; else the website\'s.',
};

/** Of a put, and of each of its edits. */
const ofChange: Sentences = {
  content: "HTML that takes the place of what the element contains.",
  element: "HTML that takes the place of the element itself.",
  before: "HTML to stand before the element.",
  after: "HTML to stand after the element.",
  prepend: "HTML to stand first in the element.",
  append: "HTML to stand last in the element.",
  attributes: 'Attributes to set, as text: { "href": "/vip" }; null takes one off.',
  addClass: "Names to add to the element's class, with spaces between.",
  remove: "Takes the element out of the page.",
  image: "The picture of the element: an <img>, a <picture>, a banner of Page Builder.",
  "image.desktop": 'Its address, like "/media/wysiwyg/vip.jpg" or with https://.',
  "image.mobile":
    "The address of another picture for phones, up to 768 pixels wide; without it, the desktop's.",
  "image.alt": 'What the picture says, for who does not see it; "" only where it says nothing.',
  "image.belowTheFold": "Only seen after scrolling: then it is not fetched early.",
  cmsBlock: "The identifier of a CMS block of Commerce: its content takes the element's place inside.",
  from: '"commerce": the element is Adobe Commerce\'s rotator, and the dynamic blocks that it names come from there.',
  link: "With an image: where the link around it goes.",
  heading: "With an image: text that takes the place of the element's first heading.",
};

/** Of a condition, wherever one stands. */
export const ofCondition: Sentences = {
  any: "The shopper is in at least one of these audiences; or one of these holds.",
  all: "The shopper is in every one of these audiences; and all of these hold.",
  not: "The shopper is in none of these audiences; and none of these holds.",
};

export const sentences: Sentences = {
  $schema: "Where an editor finds the schema that it completes from.",
  audiences: "Readable names for Adobe's audience ids; several ids where sandboxes have one each.",
  banners: "Places in pages, and what stands there for whom. Everybody else sees the store's own.",
  "banners.id": "Unique within the file.",
  "banners.websites": "Codes of the websites it is for; without this key, all of them.",
  "banners.paths":
    'Paths of the pages: "/women.html" for one, "/sale/*" for all under it, "/*/sale/*-red.html" with a star for a part between slashes.',
  "banners.pageTypes": 'Classes of <body>, of which the page has one: "catalog-product-view" for products.',
  "banners.storeViews": "Codes of the store views it is for; without this key, all of them.",
  "banners.device": "Only there; a tablet is a desktop.",
  "banners.selector": 'The place in the page, like "#hero"; the first match counts.',
  "banners.dynamicBlock":
    "The uid of the dynamic block that it stands for in a headless storefront; then it may do without a page.",
  "banners.trust":
    '"verified": only who Adobe itself says is in the audience; "claimed" (the default): also who says so.',
  "banners.schedule": "When it is live; without this key, always.",
  "banners.holdout":
    "Percent of the visitors who see the store's own, so that the difference can be measured.",
  "banners.group": "Of the banners of a group a visitor sees one alone, always the same.",
  "banners.variants": "In order of priority: the first one whose condition holds is shown.",
  "banners.variants.id": "Unique within its banner.",
  "banners.variants.for": "Who sees this variant.",
  "banners.variants.share":
    "Percent of the shoppers for whom its condition holds; without this key, all whom no variant before has.",
  "banners.variants.schedule": "When it is live; without this key, always.",
  "banners.variants.publicName":
    "What pages and analytics may call it; without this key, a number that tells nobody anything.",
  "banners.variants.put": "What they see in the banner's place.",
  offers: "Coupons that an audience gets without typing. The first whose condition holds is applied.",
  "offers.id": "Unique among the offers of the file.",
  "offers.websites": "Codes of the websites it is for; without this key, all of them.",
  "offers.for": "Who gets it.",
  "offers.coupon": "The code of a coupon-based cart price rule in Commerce, which decides what comes off.",
  "offers.trust":
    '"verified" (the default): only who Adobe itself says is in the audience; "claimed": also who says so.',
  "offers.exclusive": "Nobody outside of the audience may use the code, even typed by hand.",
  "offers.schedule": "When it is live; without this key, always.",
  "banners.variants.put.edits": "Several edits, each like a put of its own, at places of their own.",
  "banners.variants.put.edits.selector": "Another place in the page; without it, the banner's own.",
  "banners.variants.put.allow":
    "What its HTML may hold although it runs code: said by name, never by accident.",
  ...below("banners.variants.put", ofChange),
  ...below("banners.variants.put.edits", ofChange),
  ...below("banners.schedule", ofSchedule),
  ...below("banners.variants.schedule", ofSchedule),
  ...below("offers.schedule", ofSchedule),
};

function below(keys: string, inner: Sentences): Sentences {
  return Object.fromEntries(Object.entries(inner).map(([key, sentence]) => [`${keys}.${key}`, sentence]));
}
