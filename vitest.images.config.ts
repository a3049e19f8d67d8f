// What `npm run images` runs when it has built the images, and `npm test` leaves out.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    fileParallelism: false, // two cores, and one store of Buildah's
    include: ['deploy/**/*.images.test.ts'],
    // A deadline says "hangs".
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
