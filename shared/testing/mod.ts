export * from './eventually.ts';
export * from './free-port.ts';
export * from './fresh-database.ts';
export * from './fresh-nats.ts';
export * from './nats-binary.ts';
export { startNats, type NatsOptions, type NatsServer } from './nats-server.ts';
export { removeCluster } from './postgres-cluster.ts';
export * from './postgres-server.ts';
export { isAlive } from './process-tree.ts';
