import express, { type Application, type ErrorRequestHandler } from "express";
import { newLesson, type Refusal } from "../shared/protocol.ts";
import type { Log } from "./log.ts";

/** What the server answers to plain HTTP: its health, new lessons, and the page in `pageFolder`. */
export function addRoutes(app: Application, log: Log, pageFolder: string): void {
  app.disable("x-powered-by");

  app.get("/api/health", (_request, response) => {
    response.json({ ok: true });
  });

  app.post("/api/lessons", express.json({ limit: "1kb" }), async (request, response) => {
    const body = newLesson.safeParse(request.body);
    if (!body.success) {
      response.status(400).json(malformed(body.error.issues[0]!.message));
      return;
    }
    response.status(201).json(await log.create(body.data));
  });

  app.use(express.static(pageFolder));

  const refuse: ErrorRequestHandler = (error, _request, response, _next) => {
    const { status = 500, message } = error as { status?: number; message: string };
    if (status < 500) {
      response.status(status).json(malformed(message));
    } else {
      console.error(error);
      const refusal: Refusal = { code: "failed", reason: "The server could not do this." };
      response.status(status).json(refusal);
    }
  };
  app.use(refuse);
}

function malformed(message: string): Refusal {
  return { code: "malformed", reason: `${message}.` };
}
