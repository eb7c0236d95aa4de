import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RunningRedis, say, startRedis } from './redis-server.ts'

const MASTERS = 3
const SLOTS = 16_384

export interface ClusterNode {
  readonly port: number
  readonly pid: number
  /** What the cluster calls it. */
  readonly id: string
  readonly role: 'master' | 'replica'
  /** Of a master: its slots, both ends included; of a replica: those of its master. */
  readonly slots: readonly [first: number, last: number]
}

export interface RunningRedisCluster {
  /** `redis-cluster://` with all nodes. */
  readonly url: string
  /** Three masters and then the replica of each, as they were when it began. */
  readonly nodes: readonly ClusterNode[]
  /** Resolves when all nodes that are still alive agree that another node than this serves its slots. */
  successorOf(node: ClusterNode): Promise<ClusterNode>
  /** Ends all nodes and forgets their data. */
  stop(): Promise<void>
}

/** Starts a Redis Cluster of its own on loopback, three masters with a replica each, and returns once all are ready. */
export const startRedisCluster = async (): Promise<RunningRedisCluster> => {
  const servers: RunningRedis[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()))
  }
  try {
    servers.push(...(await Promise.all(Array.from({ length: 2 * MASTERS }, startNode))))
    const nodes = await form(servers)
    return {
      url: `redis-cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
      nodes,
      successorOf: (node) => successorOf(nodes, node),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const startNode = async (): Promise<RunningRedis> => {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePortPair()
    try {
      return await startRedis({}, { port, settings: NODE_SETTINGS })
    } catch (error) {
      if (attempt >= 5) throw error
    }
  }
}

const NODE_SETTINGS = [
  ...['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf', '--cluster-node-timeout', '1000'],
  // Otherwise one dead master stops the whole cluster until its replica has taken over.
  ...['--cluster-require-full-coverage', 'no'],
  ...['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1'],
]

/** Nodes talk to one another on the port that is higher by ten thousand, so both must be free. */
const freePortPair = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(20_000, 30_000)
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port
  }
}

const isFree = async (port: number): Promise<boolean> => {
  const probe = createServer().listen(port, '127.0.0.1')
  try {
    await once(probe, 'listening')
  } catch {
    return false
  }
  probe.close()
  await once(probe, 'close')
  return true
}

const form = async (servers: readonly RunningRedis[]): Promise<readonly ClusterNode[]> => {
  const slotsOf = (shard: number): readonly [number, number] => [
    Math.ceil((shard * SLOTS) / MASTERS),
    Math.ceil(((shard + 1) * SLOTS) / MASTERS) - 1,
  ]
  const nodes = await Promise.all(
    servers.map(async ({ port, pid }, index): Promise<ClusterNode> => {
      const role = index < MASTERS ? 'master' : 'replica'
      const slots = slotsOf(index % MASTERS)
      await done(port, `CLUSTER SET-CONFIG-EPOCH ${index + 1}`)
      if (role === 'master') await done(port, `CLUSTER ADDSLOTSRANGE ${slots[0]} ${slots[1]}`)
      const id = /[0-9a-f]{40}/.exec(await say(port, 'CLUSTER MYID'))![0]
      return { port, pid, id, role, slots }
    }),
  )
  // Everybody meets everybody: to be told of one another by gossip takes seconds longer.
  for (const { port } of nodes) {
    for (const other of nodes)
      if (other.port !== port) await done(port, `CLUSTER MEET 127.0.0.1 ${other.port}`)
  }
  await until('the nodes know one another', async () => {
    const known = await Promise.all(nodes.map(({ port }) => say(port, 'CLUSTER NODES')))
    return known.every((text) => nodes.every(({ id }) => text.includes(id)) && !/handshake|noaddr/.test(text))
  })
  for (const [shard, { port }] of nodes.slice(MASTERS).entries()) {
    await done(port, `CLUSTER REPLICATE ${nodes[shard]!.id}`)
  }
  await until('the cluster is whole', async () => {
    const told = await Promise.all(
      nodes.map(({ port }) => say(port, 'CLUSTER INFO', 'INFO replication', 'CLUSTER NODES')),
    )
    return told.every(
      (text, index) =>
        /cluster_state:ok/.test(text) &&
        text.includes(`cluster_slots_ok:${SLOTS}`) &&
        (index < MASTERS ? /state=online/ : /master_link_status:up/).test(text) &&
        // Each knows of each replica whose it is: only then would it be elected.
        (text.match(/slave [0-9a-f]{40}/g) ?? []).length === MASTERS,
    )
  })
  return nodes
}

const successorOf = async (nodes: readonly ClusterNode[], old: ClusterNode): Promise<ClusterNode> => {
  let successor: ClusterNode | undefined
  await until(`the slots of ${old.port} are served again`, async () => {
    const others = nodes.filter(({ port }) => port !== old.port)
    const told = (
      await Promise.all(others.map(({ port }) => say(port, 'CLUSTER INFO', 'CLUSTER NODES')))
    ).filter((text) => text !== '')
    const owners = told.map((text) => ownerOf(text, old.slots[0]))
    successor = others.find(({ id }) => id === owners[0])
    return (
      successor !== undefined &&
      owners.every((owner) => owner === successor?.id) &&
      told.every((text) => /cluster_state:ok/.test(text))
    )
  })
  return successor!
}

/** Of lines such as `<id> 127.0.0.1:1@2 master - 0 0 1 connected 0-5461`: the id of the one with the slot. */
const ownerOf = (told: string, slot: number): string | undefined => {
  for (const line of told.split('\n')) {
    const [id, , flags = '', ...rest] = line.trim().split(' ')
    if (!flags.includes('master') || flags.includes('fail')) continue
    for (const range of rest.slice(5)) {
      const [first, last = first] = range.split('-').map(Number)
      if (slot >= first! && slot <= last!) return id
    }
  }
  return undefined
}

const done = async (port: number, command: string): Promise<void> => {
  const reply = await say(port, command)
  if (!reply.startsWith('+OK')) throw new Error(`${command} on ${port}: ${reply.trim() || 'no answer'}`)
}

const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 30_000
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`30 s have passed before ${what}`)
    await sleep(50)
  }
}
