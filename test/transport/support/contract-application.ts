import {
  type ArgumentsHost,
  BadRequestException,
  Body,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  Delete,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  Header,
  Headers,
  HttpCode,
  HttpException,
  Injectable,
  Ip,
  Module,
  type NestInterceptor,
  Param,
  ParseIntPipe,
  Post,
  Put,
  Query,
  Req,
  Res,
  Scope,
  UnauthorizedException,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { map, of, type Observable } from 'rxjs';

/** What the guards of these tests see of a request, and leave on it. */
interface MarkedRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  mark?: string;
}

@Injectable()
class KeyGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<MarkedRequest>();
    await Promise.resolve();
    const { 'x-key': key } = request.headers;
    if (key === undefined) throw new UnauthorizedException();
    request.mark = `came with ${key}`;
    return key === 'good';
  }
}

@Injectable()
class WrappingInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((value: unknown) => ({ wrapped: value })));
  }
}

class Teapot extends Error {}

/** Answers through the adapter, as a filter does that knows no platform. */
@Catch(Teapot)
class TeapotFilter implements ExceptionFilter<Teapot> {
  constructor(private readonly host: HttpAdapterHost) {}

  catch(error: Teapot, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<object>();
    const { httpAdapter } = this.host;
    httpAdapter.setHeader(response, 'x-pot', 'tea');
    httpAdapter.reply(response, { said: error.message }, 418);
  }
}

let instances = 0;

@Injectable({ scope: Scope.REQUEST })
class PerRequest {
  readonly number = ++instances;
}

/** What Nest's users rely on, in one route each. */
@Controller('things')
class ThingsController implements OnModuleInit {
  private isReady = false;

  constructor(private readonly host: HttpAdapterHost) {}

  async onModuleInit(): Promise<void> {
    await Promise.resolve();
    this.isReady = true;
  }

  @Get('ready')
  ready(): object {
    return { isReady: this.isReady };
  }

  @Get('text')
  text(): string {
    return 'täxt';
  }

  @Get('octets')
  octets(): Buffer {
    return Buffer.from([0, 1, 255]);
  }

  @Get('nothing')
  nothing(): undefined {
    return undefined;
  }

  @Get('list')
  list(): Promise<readonly unknown[]> {
    return Promise.resolve([1, 'ä', null, true]);
  }

  @Get('number')
  number(): number {
    return 42;
  }

  @Get('observable')
  observable(): Observable<object> {
    return of({ emitted: true });
  }

  @Post('created')
  created(): object {
    return { created: true };
  }

  @Post('accepted')
  @HttpCode(202)
  @Header('x-where', 'queue')
  @Header('content-type', 'text/csv')
  accepted(): string {
    return 'a,b';
  }

  @Delete('gone')
  @HttpCode(204)
  gone(): void {
    // No content.
  }

  @Put('body')
  whole(@Body() body: unknown, @Body('name') name: unknown): object {
    return { body: body ?? null, name: name ?? null };
  }

  @Get('asked')
  asked(@Query() query: Record<string, unknown>, @Headers('x-one') one: string, @Ip() ip: string): object {
    return { query, one: one, ip };
  }

  @Get('numbers/:number')
  parsed(@Param('number', ParseIntPipe) number: number): object {
    return { number };
  }

  @Get('named/fixed')
  fixed(): object {
    return { fixed: true };
  }

  @Get('named/:name')
  named(@Param('name') name: string): object {
    return { name };
  }

  @Post('named/:name/of/:owner')
  owned(@Param() params: Record<string, string>): object {
    return { ...params };
  }

  @Get('passthrough')
  passthrough(@Res({ passthrough: true }) response: object): object {
    const { httpAdapter } = this.host;
    httpAdapter.status(response, 203);
    httpAdapter.setHeader(response, 'X-Set', 'first');
    httpAdapter.setHeader(response, 'x-set', 'second');
    httpAdapter.setCookie(response, 'a', '1');
    httpAdapter.setCookie(response, 'b', '2');
    return { set: httpAdapter.getHeader(response, 'x-SET') as unknown };
  }

  @Get('guarded')
  @UseGuards(KeyGuard)
  guarded(@Req() { mark }: MarkedRequest): object {
    return { mark };
  }

  @Get('intercepted')
  @UseInterceptors(WrappingInterceptor)
  intercepted(): string {
    return 'inside';
  }

  @Get('refused')
  refused(): never {
    throw new HttpException({ code: 'nope' }, 409);
  }

  @Get('invalid')
  invalid(): never {
    throw new BadRequestException('not like this');
  }

  @Get('broken')
  async broken(): Promise<never> {
    await Promise.resolve();
    throw new Error('a secret of the house');
  }

  @Get('unwritable')
  unwritable(): object {
    return { big: 1n };
  }

  @Get('bad-header')
  badHeader(@Res({ passthrough: true }) response: object): object {
    this.host.httpAdapter.setHeader(response, 'x-bad', 'a\r\nb: c');
    return { sent: true };
  }

  @Get('tea')
  @UseFilters(TeapotFilter)
  tea(): never {
    throw new Teapot('short and stout');
  }
}

/** Made anew for each request. */
@Controller('scoped')
class ScopedController {
  constructor(private readonly own: PerRequest) {}

  @Get()
  number(): object {
    return { number: this.own.number };
  }
}

@Module({ controllers: [ThingsController, ScopedController], providers: [KeyGuard, WrappingInterceptor, PerRequest] })
export class ContractModule {}
