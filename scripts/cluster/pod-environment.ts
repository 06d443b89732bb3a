type Environment = Record<string, string>;

/** A variable of a container, as its manifest writes it. */
export interface EnvironmentEntry {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: { name: string; key: string; optional?: boolean } };
}

export interface ContainerEnvironment {
  envFrom?: { configMapRef?: { name: string } }[];
  env?: EnvironmentEntry[];
}

/** Where the values of names lie that a container only refers to. */
export interface EnvironmentSources {
  configMap(name: string): Environment | undefined;
  /** Decoded. */
  secret(name: string): Environment | undefined;
}

/** What a kubelet would put there: `$(NAME)` is a variable that was named before. */
export const expandVariables = (text: string, known: Environment): string =>
  text.replaceAll(/\$\(([A-Z_]+)\)/g, (whole, name: string) => known[name] ?? whole);

/** The environment of a container as a kubelet puts it together, or what it waits for in vain. */
export function podEnvironment(
  { envFrom = [], env = [] }: ContainerEnvironment,
  sources: EnvironmentSources,
): { environment: Environment } | { missing: string } {
  const environment: Environment = {};
  for (const { configMapRef } of envFrom) {
    if (configMapRef === undefined) continue;
    const found = sources.configMap(configMapRef.name);
    if (found === undefined) return { missing: `ConfigMap ${configMapRef.name}` };
    Object.assign(environment, found);
  }
  for (const { name, value, valueFrom } of env) {
    if (value !== undefined) environment[name] = expandVariables(value, environment);
    const reference = valueFrom?.secretKeyRef;
    if (reference === undefined) continue;
    const found = sources.secret(reference.name)?.[reference.key];
    if (found !== undefined) environment[name] = found;
    else if (reference.optional !== true) {
      return { missing: `${name}: Secret ${reference.name}, key ${reference.key}` };
    }
  }
  return { environment };
}
