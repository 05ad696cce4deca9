/** What the shop says, in the languages of its two store views. */

export interface Texts {
  readonly homeTitle: string;
  readonly skip: string;
  readonly language: string;
  readonly welcome: string;
  readonly hello: string;
  readonly signIn: string;
  readonly signOut: string;
  readonly account: string;
  readonly cart: string;
  readonly emptyCart: string;
  readonly menu: string;
  readonly search: string;
  readonly searchHint: string;
  readonly women: string;
  readonly men: string;
  readonly accessories: string;
  readonly heroEyebrow: string;
  readonly heroTitle: string;
  readonly heroText: string;
  readonly heroAction: string;
  readonly bannerTitle: string;
  readonly bannerText: string;
  readonly bannerAction: string;
  readonly regularsTitle: string;
  readonly regularsText: string;
  readonly favourites: string;
  readonly favouritesText: string;
  readonly addToCart: string;
  readonly added: string;
  readonly quantity: string;
  readonly inStock: string;
  readonly details: string;
  readonly items: string;
  readonly item: string;
  readonly price: string;
  readonly subtotal: string;
  readonly delivery: string;
  readonly deliveryStandard: string;
  readonly deliveryExpress: string;
  readonly discount: string;
  readonly orderTotal: string;
  readonly summary: string;
  readonly update: string;
  readonly remove: string;
  readonly coupon: string;
  readonly couponHint: string;
  readonly apply: string;
  readonly cancelCoupon: string;
  readonly checkout: string;
  readonly continueShopping: string;
  readonly notFound: string;
  readonly notFoundText: string;
  readonly promises: readonly (readonly [title: string, text: string])[];
  readonly footer: string;
}

export const english: Texts = {
  homeTitle: "Tarnfell: clothing for hills with weather in them",
  skip: "Skip to Content",
  language: "Language",
  welcome: "Free repairs, for as long as you wear it",
  hello: "Welcome, %1!",
  signIn: "Sign In",
  signOut: "Sign Out",
  account: "My Account",
  cart: "My Cart",
  emptyCart: "You have no items in your shopping cart.",
  menu: "Menu",
  search: "Search",
  searchHint: "Search the shop...",
  women: "Women",
  men: "Men",
  accessories: "Accessories",
  heroEyebrow: "Autumn on the tops",
  heroTitle: "Made for the long way home",
  heroText: "Shells, wool and down for hills with weather in them. Cut to move in, and mended for life.",
  heroAction: "Shop women",
  bannerTitle: "A tear is not the end of a jacket",
  bannerText:
    "Send it to the workshop. We patch, tape and re-zip anything with our name in it, at no charge.",
  bannerAction: "How repairs work",
  regularsTitle: "For our regulars: 20% is off in your cart",
  regularsText: "And whatever is sold out comes to you first.",
  favourites: "Worn most this month",
  favouritesText: "What people take when they pack only once.",
  addToCart: "Add to Cart",
  added: "You added %1 to your shopping cart.",
  quantity: "Qty",
  inStock: "In stock",
  details: "Details",
  items: "items",
  item: "Item",
  price: "Price",
  subtotal: "Subtotal",
  delivery: "Delivery",
  deliveryStandard: "Standard, free",
  deliveryExpress: "Express, free with FREESHIP",
  discount: "Discount",
  orderTotal: "Order Total",
  summary: "Summary",
  update: "Update Shopping Cart",
  remove: "Remove item",
  coupon: "Apply Discount Code",
  couponHint: "Enter discount code",
  apply: "Apply Discount",
  cancelCoupon: "Cancel Coupon",
  checkout: "Proceed to Checkout",
  continueShopping: "Continue shopping",
  notFound: "Whoops, our bad...",
  notFoundText: "The page you asked for is not on our map. The paths below are.",
  promises: [
    ["Free repairs", "Patched, taped and re-zipped in our own workshop."],
    ["Sixty days to change your mind", "Walk in it first. Send it back if it is not right."],
    ["Delivered free", "Standard delivery on every order, plastic-free."],
  ],
  footer: "Tarnfell is a shop that exists only in this demonstration.",
};

export const french: Texts = {
  homeTitle: "Tarnfell : des vêtements pour les sommets qui ont du temps",
  skip: "Aller au contenu",
  language: "Langue",
  welcome: "Réparations gratuites, aussi longtemps que vous le portez",
  hello: "Bonjour, %1 !",
  signIn: "Connexion",
  signOut: "Déconnexion",
  account: "Mon compte",
  cart: "Mon panier",
  emptyCart: "Votre panier est vide.",
  menu: "Menu",
  search: "Rechercher",
  searchHint: "Rechercher dans la boutique...",
  women: "Femme",
  men: "Homme",
  accessories: "Accessoires",
  heroEyebrow: "L’automne sur les crêtes",
  heroTitle: "Fait pour le long chemin du retour",
  heroText: "Vestes, laine et duvet pour les montagnes changeantes. Coupés pour bouger, réparés à vie.",
  heroAction: "Collection femme",
  bannerTitle: "Un accroc n’est pas la fin d’une veste",
  bannerText: "Envoyez-la à l’atelier. Nous réparons gratuitement tout ce qui porte notre nom.",
  bannerAction: "Nos réparations",
  regularsTitle: "Pour nos habitués : 20 % de remise dans votre panier",
  regularsText: "Et ce qui est épuisé vous revient en premier.",
  favourites: "Les plus portés ce mois-ci",
  favouritesText: "Ce que l’on emporte quand on ne fait qu’un seul sac.",
  addToCart: "Ajouter au panier",
  added: "Vous avez ajouté %1 à votre panier.",
  quantity: "Qté",
  inStock: "En stock",
  details: "Détails",
  items: "articles",
  item: "Article",
  price: "Prix",
  subtotal: "Sous-total",
  delivery: "Livraison",
  deliveryStandard: "Standard, offerte",
  deliveryExpress: "Express, offerte avec FREESHIP",
  discount: "Remise",
  orderTotal: "Total de la commande",
  summary: "Récapitulatif",
  update: "Mettre à jour le panier",
  remove: "Supprimer l’article",
  coupon: "Code de réduction",
  couponHint: "Saisir le code",
  apply: "Appliquer",
  cancelCoupon: "Annuler le code",
  checkout: "Passer la commande",
  continueShopping: "Continuer mes achats",
  notFound: "Oups, c’est notre faute...",
  notFoundText: "Cette page n’est pas sur notre carte. Les sentiers ci-dessous y sont.",
  promises: [
    ["Réparations gratuites", "Dans notre propre atelier, pour toute la vie du vêtement."],
    ["Soixante jours pour changer d’avis", "Marchez d’abord, décidez ensuite."],
    ["Livraison offerte", "Livraison standard pour chaque commande, sans plastique."],
  ],
  footer: "Tarnfell est une boutique qui n’existe que dans cette démonstration.",
};
