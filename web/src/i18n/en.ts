/** All words in English; a missing or unknown key does not compile. */
import { calendar } from './en/calendar';
import { clients } from './en/clients';
import { frame } from './en/frame';
import { identity } from './en/identity';
import { second } from './en/second';
import { statements } from './en/statements';
import { work } from './en/work';
import type { Words } from './zh';

export const en: Words = {
  ...frame,
  ...clients,
  ...work,
  ...identity,
  ...second,
  ...statements,
  ...calendar,
};
