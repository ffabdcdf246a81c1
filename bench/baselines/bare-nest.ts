// A bare NestJS application on Fastify: the same form, the same bytes, and nothing of what makes it a service. Its decorators are
// called, not written, because this file is run as it is.
import 'reflect-metadata';
import { Body, Controller, Get, Header, HttpCode, HttpException, Module, Post, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';

const [port, answer = '', headers = '{}'] = process.argv.slice(2);
const identity = JSON.parse(headers) as Readonly<Record<string, string>>;

class Bare {
  introspect(form: { readonly token?: unknown }): string {
    if (typeof form.token !== 'string') throw new HttpException('no token', 400);
    return answer;
  }

  authorize(reply: FastifyReply): string {
    reply.headers(identity);
    return '';
  }
}

function route(method: 'introspect' | 'authorize', decorators: readonly MethodDecorator[]): void {
  const descriptor = Object.getOwnPropertyDescriptor(Bare.prototype, method);
  if (descriptor) for (const decorate of decorators) decorate(Bare.prototype, method, descriptor);
}

const json = Header('content-type', 'application/json');
route('introspect', [Post('introspect'), HttpCode(200), json]);
route('authorize', [Get('authorize'), json]);
Body()(Bare.prototype, 'introspect', 0);
Res({ passthrough: true })(Bare.prototype, 'authorize', 0);
Controller()(Bare);

class BareModule {}
Module({ controllers: [Bare] })(BareModule);

const application = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), {
  logger: false,
});
await application.listen(Number(port), '127.0.0.1');
process.stdout.write('ready\n');
