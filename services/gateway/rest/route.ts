import type { ServerResponse } from 'node:http';
import type { ProblemCode, RequestContext, RequestOrigin } from '@florin/contracts';
import type { z } from 'zod';
import type { Access, Caller } from '../domain/caller.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Preference } from './preference.ts';
import type { SignedBody } from './read-signed.ts';

/** What a handler is given: everything is checked by the time it runs. */
export interface Call<A extends Access, Params, Query, Body> {
  caller: A extends 'public' ? undefined : Caller;
  params: Params;
  query: Query;
  body: Body;
  /** Empty where the route does without one; of a dry run a new one that nothing stands for. */
  idempotencyKey: string;
  /** Of a route of lines: its body, as it arrives. */
  lines(): AsyncIterable<Buffer>;
  /** Whether it is only asked what would happen. */
  dryRun: boolean;
  /** Where it was asked for; empty where the route is not scored. */
  context: RequestContext;
  /** From which address and program, as far as it can be known. */
  origin(): RequestOrigin;
  preference: Preference;
  method: string;
  path: string;
  /** As the client named the request, or as we did. */
  requestId: string;
  /** What problems name, so that they can be found in the logs. */
  traceId(): string;
  /** Of a client that listens again: the last event it heard. */
  lastEventId: string | undefined;
  /** The raw Authorization header, for routes that authenticate in their own way. */
  authorization: string | undefined;
}

export interface Answer {
  status: number;
  /** Sent as JSON, or as it is when it is text and the content type says so. */
  body?: unknown;
  contentType?: string;
  headers?: Record<string, string>;
  /** In the place of a body: goes on writing after the head was sent, and ends the response. */
  stream?: (response: ServerResponse) => void;
}

/** One answer of a route as OpenAPI describes it. */
export interface AnswerPlan {
  description: string;
  schema?: z.ZodType;
  contentType?: string;
}

/**
 * A route, declared once: this drives routing, authorisation, validation and OpenAPI alike. Paths
 * name their parameters as `:id`; a parameter is an id of ours, and anything else is not found.
 */
export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  path: string;
  /** Heading in the documentation. */
  tag: string;
  summary: string;
  description?: string;
  access: Access;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Without a body it is read as an empty one. */
  bodyOptional?: boolean;
  /** The body is a form with a file of at most so many bytes. */
  uploadBytesMax?: number;
  /** The body is passed on as it came, with the signature of whoever sent it. */
  signed?: SignedBody;
  /** The body may also come as an HTML form (OAuth). */
  acceptsForm?: boolean;
  /** In the place of a body: NDJSON of any length, each line of this schema. */
  lines?: z.ZodType;
  idempotencyKey?: 'required' | 'optional';
  /** Understands `Prefer: wait=n` and `respond-async`. */
  waits?: boolean;
  /** Takes `dryRun=true`: tells what would happen, with nothing done and no key used. */
  simulates?: boolean;
  /** It orders payments: reads what their risk depends on, `X-Device-Id` and `X-Geo`. */
  scored?: boolean;
  answers: Record<number, AnswerPlan>;
  /** Codes of this route's own, besides those that validation and authorisation give. */
  problems?: readonly ProblemCode[];
  handle(call: Call<Access, Record<string, string>, unknown, unknown>): Reply;
}

type Reply = Promise<Answer | Refusal> | Answer | Refusal;

type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

type OutputOf<S> = S extends z.ZodType ? z.output<S> : undefined;

interface TypedRoute<
  A extends Access,
  P extends string,
  Q extends z.ZodType | undefined,
  B extends z.ZodType | undefined,
> extends Omit<Route, 'access' | 'path' | 'query' | 'body' | 'handle'> {
  access: A;
  path: P;
  query?: Q;
  body?: B;
  handle(call: Call<A, Record<ParamNames<P>, string>, OutputOf<Q>, OutputOf<B>>): Reply;
}

/** Declares a route whose handler knows the types of its parameters, query and body. */
export const route = <
  A extends Access,
  P extends string,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  declared: TypedRoute<A, P, Q, B>,
): Route => declared as unknown as Route;
