import type { FastifyInstance, FastifyRequest } from "fastify";
import "../read-body.ts";
import type { ModelCard } from "../../contract/model-card.ts";
import { askApp, type Ask, type HttpRequest, type HttpResponse } from "./ask.ts";

/** The parts of the server that a target's route may use. */
export interface RouteContext {
  ask: Ask;
  /** Returns the card of the only model. Throws Unavailable until the model is loaded. */
  card: () => ModelCard;
}

/** A route that a target needs in addition to the server's own: it translates requests to those and answers back. */
export interface Route {
  method: "GET" | "POST";
  /** Path in the syntax of fastify. */
  path: string;
  answer: (request: HttpRequest, context: RouteContext) => Promise<HttpResponse>;
}

/** Adds routes to the app before it listens. They get raw bodies; errors are answered like those of other routes. */
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
