/** The portal's one stylesheet, under an address that changes with its content. */
import { createHash } from 'node:crypto';
import { BASE } from './base.js';
import { DISTRICT } from './district.js';
import { PARTS } from './parts.js';
import { PRINT } from './print.js';
import { TOKENS } from './tokens.js';

export const STYLESHEET = [TOKENS, BASE, PARTS, DISTRICT, PRINT].join('\n');

const hash = createHash('sha256').update(STYLESHEET).digest('base64url').slice(0, 12);
/** Served for ever: a changed stylesheet has another address. */
export const STYLESHEET_PATH = `/assets/portal.${hash}.css`;
