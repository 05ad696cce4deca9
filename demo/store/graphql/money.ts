/** An amount in the shape of Commerce's `Money`. */

export interface Money {
  readonly value: number;
  readonly currency: "USD";
}

export function money(cents: number): Money {
  return { value: cents / 100, currency: "USD" };
}
