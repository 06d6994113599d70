// Runs everything. Called by `cargo xtask browser`: node main.mjs RUNSEAL ROOT PICTURES [--validator]
import { after } from 'node:test';
import { act } from './act.mjs';
import { launch } from './browser.mjs';
import { live } from './live.mjs';
import { pages } from './pages.mjs';
import { reading } from './reading.mjs';
import { screenshots } from './screenshots.mjs';
import { serve, tell } from './service.mjs';
import { HOSTILE, Stage } from './stage.mjs';
import { startValidator } from './validator.mjs';
import { verifyHere } from './verify_here.mjs';

const [runseal, root, pictures, kind] = process.argv.slice(2);
const ends = [];
after(async () => {
  for (const end of ends.reverse()) await end();
});
// Whoever is told to stop leaves nothing running.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    for (const end of ends.reverse()) await end();
    process.exit(1);
  });
}
const validator = kind === '--validator' ? await startValidator(root) : null;
if (validator) ends.push(validator.end);
const stage = new Stage({ runseal, root, url: validator?.url });
ends.push(() => stage.clear());
stage.set();
const service = await serve(stage, ['--create-keys']);
ends.push(service.end);
await tell(service.url, [['first'], [HOSTILE, 'first'], ['third', HOSTILE, 'first'], ['fourth', 'third']]);
const { agent } = await (await fetch(`${service.url}/run.json?id=third`)).json();
stage.states = `/states?agent=${agent}&type=memory&at=2`;
const { browser, end } = await launch();
ends.push(end);
const name = validator ? 'validator' : 'embedded';
const world = { name, stage, browser, url: service.url, rpc: validator?.url ?? `${service.url}/rpc` };
pages(world);
live(world);
verifyHere(world);
reading(world);
if (validator) act(world);
if (!validator) screenshots(world, pictures);
