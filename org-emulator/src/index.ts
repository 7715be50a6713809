export { startEmulator, type Emulator, type EmulatorOptions } from './start-emulator';
export { parseIdInstance, parseNamespace, runEmulator, type EmulatorCliOptions } from './run-emulator';
export type { SettingsInput } from './org/settings';
export type { FaultInput } from './control/faults';
export type { Call } from './control/call-log';
