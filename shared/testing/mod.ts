export * from './auditor-model.ts';
export * from './eventually.ts';
export { freePort, holdPort, isPortFree, type HeldPort } from './free-port.ts';
export * from './fresh-database.ts';
export * from './fresh-nats.ts';
export * from './mail-server.ts';
export * from './nats-binary.ts';
export { commandOf, endLeftover } from './leftover-process.ts';
export {
  clearNats,
  startNats,
  type ClusterMember,
  type NatsOptions,
  type NatsServer,
} from './nats-server.ts';
export { clearPostgres } from './postgres-cluster.ts';
export * from './postgres-server.ts';
export { endProcess, spawnServer, type ServerProcess } from './server-process.ts';
export { isAlive } from './process-tree.ts';
