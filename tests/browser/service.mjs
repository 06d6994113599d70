// What the tests start, each ended by whoever started it: the service, and endpoints that lie.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

/** Starts the service, on a free port unless told otherwise; returns its URL and how to end it. */
export async function serve(stage, options = [], home = stage.home) {
  const ledger = stage.url === undefined ? [] : ['-u', stage.url];
  const listen = options.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
  const service = spawn(stage.runseal, ['serve', ...listen, ...ledger, ...options], {
    cwd: stage.folder, env: { ...stage.environment(), RUNSEAL_HOME: home }, stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const url = await new Promise((resolve, reject) => {
    service.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) resolve(found[0]);
    });
    service.on('exit', () => reject(new Error(`the service ended: ${said}`)));
  });
  const ended = new Promise((resolve) => service.on('exit', resolve));
  return { url, end: () => (service.kill('SIGINT'), ended) };
}

/** Has the service take in runs, each of which follows from others. */
export async function tell(url, runs) {
  const post = async (path, body) => {
    const answer = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  for (const [run_id, ...parents] of runs) {
    await post('/v1/run/start', { run_id, agent_id: 'told' });
    const event = { run_id, event_id: 'e', type: 'message.received', timestamp: '2026-01-01T00:00:00Z', source: 'channel', data: { content: '2 + 2?' } };
    await post('/v1/run/event', event);
    await post('/v1/run/end', { run_id });
    await post('/v1/state-proof', { run_id, state_type: 'memory', next_state_hash: `after ${run_id}` });
    for (const parent_proof_id of parents) {
      await post('/v1/proof-graph/link', { child_proof_id: run_id, parent_proof_id, relation: 'delegation' });
    }
  }
}

/**
 * An endpoint before another one, which answers browsers from everywhere. `change` may change what a
 * method's result is, or refuse to answer with `null`. Calls of the methods in `swallowed` go no further.
 */
export async function endpoint(behind, change = (_method, result) => result, swallowed = []) {
  const server = createServer(async (request, response) => {
    const open = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'content-type' };
    if (request.method === 'OPTIONS') return response.writeHead(204, open).end();
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const call = JSON.parse(Buffer.concat(chunks));
    if (swallowed.includes(call.method)) {
      return response.writeHead(200, { ...open, 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id: call.id, result: 'swallowed' }));
    }
    const answer = await fetch(behind, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(call) });
    const said = await answer.json();
    const result = change(call.method, said.result);
    if (result === null) return response.writeHead(503, open).end();
    response.writeHead(200, { ...open, 'content-type': 'application/json' }).end(JSON.stringify({ ...said, result }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const end = () => (server.closeAllConnections(), new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${server.address().port}/`, end };
}
