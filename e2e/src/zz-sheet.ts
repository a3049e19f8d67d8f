import { existsSync, readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { hasSandbox } from './testing/sandbox.ts';

const [, , outFile, width, ...names] = process.argv;
const b = await chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell', chromiumSandbox: hasSandbox });
const p = await b.newPage({ viewport: { width: Number(width), height: 800 } });
const imgs = names
  .filter((n) => existsSync(`/tmp/users-shots/${n}.png`))
  .map(
    (n) =>
      `<figure style="margin:4px;display:inline-block;vertical-align:top"><figcaption style="font:12px sans-serif">${n}</figcaption><img style="max-width:${n.includes('1280') ? 900 : 360}px;border:1px solid #999" src="data:image/png;base64,${readFileSync(`/tmp/users-shots/${n}.png`).toString('base64')}"></figure>`,
  )
  .join('');
await p.setContent(`<body style="margin:0;background:#fff">${imgs}</body>`);
await p.waitForTimeout(300);
await p.screenshot({ path: outFile as string, fullPage: true });
await b.close();
