/** The types of `call` (client.ts), derived from the OpenAPI document: method and path decide parameters, body and result. */
import type { paths } from './schema.gen';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

interface Operation {
  parameters: { path?: object; query?: object };
  requestBody?: { content: object };
  responses: object;
}

/** The document's paths below /api/v1. */
type Routes = { [P in keyof paths as P extends `/api/v1${infer Rest}` ? Rest : never]: paths[P] };

/** The paths that have the method, or each of several methods. */
export type Path<M extends Method> = { [P in keyof Routes]: Routes[P] extends Record<M, Operation> ? P : never }[keyof Routes];

type At<M extends Method, P extends Path<M>> = Routes[P] extends Record<M, infer O extends Operation> ? O : never;

/** A body is JSON, or a file where the document names any other media type. */
type Content<C> = C extends { 'application/json': infer JSON } ? JSON : Blob;

type Body<B> = [B] extends [never]
  ? { body?: never }
  : undefined extends B
    ? { body?: Content<NonNullable<B>['content' & keyof NonNullable<B>]> }
    : { body: Content<B['content' & keyof B]> };

type Fields<O extends Operation> = Pick<O['parameters'], 'path' | 'query'> & Body<O['requestBody']> & { signal?: AbortSignal };

/** The request of an operation; optional where no field is required. */
export type Request<M extends Method, P extends Path<M>> =
  object extends Fields<At<M, P>> ? [request?: Fields<At<M, P>>] : [request: Fields<At<M, P>>];

/** The JSON of a successful response; undefined where it has no body. */
export type Result<M extends Method, P extends Path<M>> = At<M, P>['responses'] extends infer R
  ? { [S in keyof R & (200 | 201 | 202 | 204)]: R[S] extends { content: { 'application/json': infer JSON } } ? JSON : undefined }[keyof R &
      (200 | 201 | 202 | 204)]
  : never;
