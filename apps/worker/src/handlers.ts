// What wakes a slot: a job names what is due, and the slot takes up what is next, which may be something else.
import { type JobName, jobPayloads } from '@hostmaster/core/contract/jobs';

const isJobName = (name: string): name is JobName => Object.hasOwn(jobPayloads, name);

/** Throws for a job that nobody knows or whose payload is not ids. */
export function checkJob(name: string, data: unknown): void {
  if (!isJobName(name)) throw new Error(`There is no job ${name}.`);
  jobPayloads[name].parse(data);
}
