import { isRecordId } from './record-id';

describe('isRecordId', () => {
  it.each([
    ['00Q5h00000Kp3ZqEAJ', true],
    ['001dM00003kRs59QAC', true],
    ['00Q5h00000Kp3Zq', true],
    ['00QAa00000Bb1CcDEF', false], // the last three do not belong to the others
    ['00q5h00000kp3zqEAJ', false], // the case was lost on the way
    ['00Q5h00000Kp3ZqEA', false],
    ["00Q5h00000Kp3Z'", false],
    ['', false],
  ])('of %j is %s', (text, expected) => {
    expect(isRecordId(text)).toBe(expected);
  });
});
