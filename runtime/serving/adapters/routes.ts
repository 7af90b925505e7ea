import type { FastifyInstance, FastifyRequest } from "fastify";
import "../read-body.ts";
import type { ModelCard } from "../../contract/model-card.ts";
import { askApp, type Ask, type HttpRequest, type HttpResponse } from "./ask.ts";

/** What a route of a target may use to answer. */
export interface RouteContext {
  ask: Ask;
  /** Card of the only model. Throws Unavailable while it is loaded. */
  card: () => ModelCard;
}

/** A route that a target asks for beside the server's own: a translation to them and back. */
export interface Route {
  method: "GET" | "POST";
  /** In the syntax of fastify. */
  path: string;
  answer: (request: HttpRequest, context: RouteContext) => Promise<HttpResponse>;
}

/** Adds routes to the app before it listens. They get bodies raw; errors are answered as everywhere. */
export function addRoutes(app: FastifyInstance, routes: readonly Route[], card: () => ModelCard): void {
  const context = { ask: askApp(app), card };
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", async (request: FastifyRequest, payload: FastifyRequest["raw"]) =>
      app.bodies.read(request, payload),
    );
    for (const { method, path, answer } of routes)
      scope.route({
        method,
        url: path,
        handler: async (request, reply) => {
          const headers = Object.fromEntries(
            Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
          );
          const body = Buffer.isBuffer(request.body) ? { body: request.body } : {};
          const answered = await answer({ method, url: request.url, headers, ...body }, context);
          return reply.status(answered.status).headers(answered.headers).send(answered.body);
        },
      });
  });
}
