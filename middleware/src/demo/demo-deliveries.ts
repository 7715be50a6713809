import type { CalcomBody } from './calcom-body';
import { type Answer, deliver, isTaken, type SignedRequest, signRequest } from './deliver';

/** One webhook that the demo sent, and what came back. */
export interface DemoDelivery {
  id: number;
  /** The booking it is about, through all its uids. */
  iCalUid: string;
  trigger: string;
  request: SignedRequest;
  /** Of the last attempt. */
  sentAt: Date;
  attempts: number;
  answer: Answer;
}

/** Everything that the demo has sent, in memory. */
export class DemoDeliveries {
  private readonly all: DemoDelivery[] = [];
  private lastId = 0;

  constructor(
    private readonly webhookUrl: string,
    private readonly secret: string,
    private readonly now: () => Date,
  ) {}

  /** Signs a body, sends it and keeps it with its answer; resolves when the answer is there. */
  async send(iCalUid: string, body: CalcomBody): Promise<DemoDelivery> {
    const delivery: DemoDelivery = {
      id: (this.lastId += 1),
      iCalUid,
      trigger: body.triggerEvent,
      request: signRequest(body, this.secret),
      sentAt: this.now(),
      attempts: 0,
      answer: { failed: 'The answer is still awaited.' },
    };
    this.all.push(delivery);
    await this.attempt(delivery);
    return delivery;
  }

  /** Sends the same bytes again. */
  async sendAgain(delivery: DemoDelivery): Promise<void> {
    if (!isTaken(delivery.answer)) await this.attempt(delivery);
  }

  find(iCalUid: string, id: number): DemoDelivery | null {
    return this.all.find((delivery) => delivery.id === id && delivery.iCalUid === iCalUid) ?? null;
  }

  /** What was sent about a booking, the newest first. */
  of(iCalUid: string): DemoDelivery[] {
    return this.all.filter((delivery) => delivery.iCalUid === iCalUid).reverse();
  }

  private async attempt(delivery: DemoDelivery): Promise<void> {
    delivery.attempts += 1;
    delivery.sentAt = this.now();
    delivery.answer = await deliver(this.webhookUrl, delivery.request);
  }
}
