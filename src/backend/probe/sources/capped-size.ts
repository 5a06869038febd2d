const MEBIBYTE = 1024 ** 2

/** 32-bit fields stop just under 2 or 4 GiB; a value there means "at least that much", which is no size. */
export function isCapped(bytes: number): boolean {
  const justUnder = (limit: number): boolean => bytes >= limit - 2 * MEBIBYTE && bytes < limit
  return justUnder(2 ** 31) || justUnder(2 ** 32) || bytes === 2 ** 32
}
