import { describeInBrowser } from '../middleware/test/support/browser';
import { consoleCases } from './console.cases';
import { recordPageCases } from './record-page.cases';
import { startScene, type Scene } from './scene';

describeInBrowser('from a webhook to the screen', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene();
  }, 120_000);
  afterAll(() => scene.stop(), 30_000);

  describe('the record page', () => recordPageCases(() => scene));
  describe('the console', () => consoleCases(() => scene));
});
