import {
  applyDecorators,
  Injectable,
  SetMetadata,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { catchError, tap, type Observable } from 'rxjs';
import { Audit, type AuditAction } from '../telemetry/audit.js';
import type { LogFields } from '../telemetry/logger.js';
import { adminOf, type AdminRequest } from './admin-authenticator.js';
import { AdminProblem } from './admin-problem.js';
import { auditedAs } from './admin-tokens.js';

/** What is written down about a route. */
export interface AuditedRoute {
  readonly action: AuditAction;
  /** Names of the fields that are taken from parameters of the path, by those parameters. */
  readonly about?: Readonly<Record<string, string>>;
  /** Names of fields of the body that are written with a success: only then were they checked. */
  readonly said?: readonly string[];
  /** The handler writes successes itself, with more than the path says; failures are written here all the same. */
  readonly writesSuccess?: boolean;
}

const METADATA = 'audited';

/** Everything that is asked of this route is written to the audit trail with how it ended, what a pipe refuses included. */
export function Audited(route: AuditedRoute): MethodDecorator {
  return applyDecorators(SetMetadata(METADATA, route), UseInterceptors(AuditedInterceptor));
}

/** Writes down who asked for what, and how it ended. Interceptors stand around pipes: nothing is refused unwritten. */
@Injectable()
export class AuditedInterceptor implements NestInterceptor {
  private readonly reflector = new Reflector();

  constructor(private readonly audit: Audit) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const {
      action,
      about = {},
      said = [],
      writesSuccess = false,
    } = this.reflector.get<AuditedRoute>(METADATA, context.getHandler());
    const request = context.switchToHttp().getRequest<AdminRequest>();
    const write = (result: string): void => {
      const inBody = result === 'done' ? fieldsIn(request.body, said) : {};
      const fields = { ...auditedAs(adminOf(request)), ...fieldsOf(request, about), ...inBody, result };
      this.audit.record(action, { ...fields, request_id: request.requestId });
    };
    return next.handle().pipe(
      tap(() => {
        if (!writesSuccess) write('done');
      }),
      catchError((error: unknown) => {
        write(error instanceof AdminProblem ? error.code : 'failed');
        throw error;
      }),
    );
  }
}

function fieldsOf({ params }: AdminRequest, about: Readonly<Record<string, string>>): LogFields {
  return Object.fromEntries(Object.entries(about).map(([parameter, field]) => [field, params[parameter]]));
}

/** @param body JSON that the handler has accepted */
function fieldsIn(body: unknown, names: readonly string[]): LogFields {
  if (names.length === 0 || !(body instanceof Uint8Array)) return {};
  const members = JSON.parse(Buffer.from(body).toString()) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(names.map((name) => [name, members[name]]));
}
