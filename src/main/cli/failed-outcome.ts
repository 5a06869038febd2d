/**
 * The command did what it should and has told its outcome, which is bad news: the exit code says so to scripts, and
 * nothing more is written. A class, because it has to be thrown.
 */
export class FailedOutcome extends Error {}
