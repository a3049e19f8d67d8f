// What `npm run images` runs when it has built the images, and `npm test` leaves out.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['deploy/**/*.images.test.ts'],
    // A deadline says "hangs".
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
