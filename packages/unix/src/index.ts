export { type Arrivals, watchArrivals } from './arrivals.ts'
export { type Account, becomeGroup, becomeUser, findAccount } from './account.ts'
export { type End, endOf, reapChildren, waitForChild } from './children.ts'
export { type Moment, monotonic, now } from './clock.ts'
export { expectDescriptors, freeDescriptors } from './descriptors.ts'
export { editEnvironment, type Setting } from './environment.ts'
export { onceReadable } from './epoll.ts'
export { errnoOf, SystemError } from './errno.ts'
export { exitNow } from './exit.ts'
export {
  bytes,
  expectExecutable,
  fileExists,
  type FileStatus,
  inDirectory,
  isSymbolicLink,
  isVisible,
  link,
  lockFile,
  makeDirectory,
  makeFifo,
  openDirectory,
  openFile,
  readDirectory,
  readEntries,
  readLink,
  readStart,
  readWhole,
  rename,
  statFile,
  unlink,
} from './files.ts'
export { feelFileSizeLimit } from './filesize.ts'
export { type Ending, type ProcessHandle, type Signal, signalGroup, watchChild, watchProcess } from './handle.ts'
export { closeOnExec, handOver, receiveHandover } from './handover.ts'
export { expectSpare, raiseOpenFiles } from './openfiles.ts'
export { acceptPackets, listenForPackets, type Packet, peerOf, receivePacket, sendPacket } from './packet.ts'
export { releaseCode } from './memory.ts'
export { patiently } from './patience.ts'
export { drainPipe, makePipe, type Pipe } from './pipe.ts'
export { inherited } from './inherited.ts'
export { argumentMemory, bootId, findProcess, type Identity, type Process, startedAt, workingDirectory } from './process.ts'
export { runProgram, type RunOptions } from './processor.ts'
export { localTime, setTimeZone } from './localtime.ts'
export { type Child, childProgram, execProgram, type Launcher, prepareLauncher, type Program, searchPath, type Shall, spawnProgram, type SpawnOptions } from './program.ts'
export { endBySignal, openTerminal, readTerminal, resizeTerminal, spawnOnTerminal, type Terminal, whenEnded, type WindowSize, windowSize } from './pty.ts'
export { isReadable, whenReadable } from './readable.ts'
export { differenceOf, ownRights, type Rights, rightsOf } from './rights.ts'
export { Prints } from './prints.ts'
export { reservePlaces, spawnLaunch } from './spawn.ts'
export { startSession } from './session.ts'
export { restoreSignals, signalName, signalNumber } from './signals.ts'
export { readInput, writeOutput } from './stream.ts'
export { getenv, type Inherited, type Limit } from './record.ts'
export { close as closeFile, read as readFile, write as writeFile } from './syscalls.ts'
export { liveThriftily } from './thrift.ts'
export { showTitle } from './title.ts'
