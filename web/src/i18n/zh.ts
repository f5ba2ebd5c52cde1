/** All words in Chinese; they are the measure for every other language. */
import { calendar } from './zh/calendar';
import { clients } from './zh/clients';
import { frame } from './zh/frame';
import { identity } from './zh/identity';
import { second } from './zh/second';
import { statements } from './zh/statements';
import { work } from './zh/work';

export const zh = {
  ...frame,
  ...clients,
  ...work,
  ...identity,
  ...second,
  ...statements,
  ...calendar,
} as const;

export type WordKey = keyof typeof zh;
export type Words = Record<WordKey, string>;
