/** A type with every property required and readonly, at any depth: what is compared when two types must say the same. */
type Plain<T> = T extends string | number | boolean | null | undefined
  ? T
  : { readonly [Key in keyof T]-?: Plain<T[Key]> }

/**
 * `true` when both types have the same properties with the same values; otherwise `never`, which stops the build:
 * `true satisfies SameType<Omit<Model, 'origin'>, z.infer<typeof modelSchema>>`.
 */
export type SameType<A, B> = [Plain<A>] extends [Plain<B>]
  ? [Plain<B>] extends [Plain<A>]
    ? true
    : never
  : never
