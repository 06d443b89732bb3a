import { integer, readConfig, serviceFields, text, url, type Environment } from '@florin/runtime';

export const readWebConfig = (env: Environment = process.env) =>
  readConfig(
    {
      ...serviceFields,
      port: integer('PORT', { default: 0, max: 65_535, describe: 'port of the web app' }),
      gatewayUrl: url('GATEWAY_URL', { describe: 'the REST API that this origin passes on' }),
      publicUrl: url('PUBLIC_URL', {
        optional: true,
        describe: 'where people reach the web app; with https its cookies are sent securely only',
      }),
      bankControlUrl: url('BANK_CONTROL_URL', {
        optional: true,
        describe: 'control API of the bank simulator, for development; absent hides its page',
      }),
      distFolder: text('DIST_FOLDER', {
        optional: true,
        describe: 'where built assets lie, or are built; default: dist beside this program',
      }),
    },
    env,
  );

export type WebConfig = ReturnType<typeof readWebConfig>;
