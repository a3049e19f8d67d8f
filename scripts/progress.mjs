// What the two commands say while they work: one line a step, with its time. Plain lines, because CI has no terminal.

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * Runs `work` and prints its name when it begins and how long it took when it ends.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const began = performance.now();
  console.log(`· ${name} …`);
  try {
    const result = await work();
    console.log(`✓ ${name} (${seconds(began)})`);
    return result;
  } catch (error) {
    console.log(`✗ ${name} (${seconds(began)})`);
    throw error;
  }
}
