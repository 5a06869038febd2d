/** What is wrong with a header, as the end of the sentence "X cannot be used: …". A class, because it is thrown. */
export class HeaderFault extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'HeaderFault'
  }
}
