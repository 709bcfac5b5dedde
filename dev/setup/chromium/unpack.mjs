// Unpacks Chromium, its libraries and its fonts from node_modules into this folder.

import { inflate } from '@sparticuz/chromium';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const ARCHIVES = path.join(import.meta.dirname, 'node_modules/@sparticuz/chromium/bin');

process.env.TMPDIR = import.meta.dirname; // Where `inflate` writes.
await Promise.all(readdirSync(ARCHIVES).map((name) => inflate(path.join(ARCHIVES, name))));
