import type { Request, Response } from 'express';
import type { AdminDeps } from '../admin/admin';
import type { NamedOrg } from '../sync/environment';
import { carryOut, type OrderArgs, type OrderName, type OrderResult } from '../admin/orders/orders';
import { refusalOf } from '../admin/refused';
import type { Visitor } from '../http/guard';
import type { Notice } from '../notice/notice';
import type { Html } from '../page/html';
import { hasRole, type Role } from '../security/role';
import { readNews, tellNext, type News } from './news';
import { layout, type Section } from './views/layout';

/** One request of a signed-in person: what he may ask for, and how he is answered. */
export class Visit {
  constructor(
    private readonly admin: AdminDeps,
    readonly visitor: Visitor,
    readonly req: Request,
    readonly res: Response,
    /** What an admin must know, and where bookings go, on every page. */
    private readonly onEveryPage: { notices: readonly Notice[]; org: NamedOrg | null },
  ) {}

  get now(): Date {
    return this.admin.now();
  }

  /** Goes into every form. */
  get csrf(): string {
    return this.visitor.csrfToken ?? '';
  }

  /** Whether a button for it is shown; the order itself looks again. */
  may(role: Role): boolean {
    return hasRole(this.visitor.actor.role, role);
  }

  /** What was typed into a field of the form, without spaces around it; empty when it is not in the form. */
  field(name: string): string {
    const value = ((this.req.body ?? {}) as Record<string, unknown>)[name];
    return typeof value === 'string' ? value.trim() : '';
  }

  /** @throws as `carryOut`. */
  order<Name extends OrderName>(name: Name, args: OrderArgs<Name>): Promise<OrderResult<Name>> {
    return carryOut(this.admin, this.visitor.actor, name, args);
  }

  /** Answers with a page. */
  send(section: Section, title: string, content: Html, status = 200): void {
    const { csrf, onEveryPage } = this;
    const { actor } = this.visitor;
    const news = readNews(this.req, this.res);
    this.res
      .status(status)
      .type('html')
      .send(layout({ title, section, content, news, csrf, actor, ...onEveryPage }).text);
  }

  /** Does what a form asked for, and goes on to a page that tells what came of it, a refusal too. */
  async act(path: string, work: () => Promise<string>): Promise<void> {
    tellNext(this.res, await work().then(good, refused));
    this.res.redirect(303, `/console${path}`);
  }
}

function good(text: string): News {
  return { tone: 'good', text };
}

/** @throws what is no refusal. */
function refused(error: unknown): News {
  const refusal = refusalOf(error);
  if (refusal === null) throw error;
  return { tone: 'bad', text: refusal.message };
}
