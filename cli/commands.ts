import type { Command } from "./command.ts";
import { backup } from "./commands/backup.ts";
import { bench } from "./commands/bench.ts";
import { check } from "./commands/check.ts";
import { comment } from "./commands/comment.ts";
import { doctor } from "./commands/doctor.ts";
import { down } from "./commands/down.ts";
import { feast } from "./commands/feast.ts";
import { lock } from "./commands/lock.ts";
import { mirror } from "./commands/mirror.ts";
import { models } from "./commands/models.ts";
import { newCommand } from "./commands/new.ts";
import { patch } from "./commands/patch.ts";
import { pin } from "./commands/pin.ts";
import { preview } from "./commands/preview.ts";
import { promote } from "./commands/promote.ts";
import { register } from "./commands/register.ts";
import { replay } from "./commands/replay.ts";
import { restore } from "./commands/restore.ts";
import { stage } from "./commands/stage.ts";
import { status } from "./commands/status.ts";
import { test } from "./commands/test.ts";
import { train } from "./commands/train.ts";
import { tryCommand } from "./commands/try.ts";
import { up } from "./commands/up.ts";

/** Every command by its name, in the order of the help. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  new: newCommand,
  try: tryCommand,
  up,
  status,
  preview,
  doctor,
  train,
  register,
  models,
  promote,
  replay,
  pin,
  patch,
  down,
  lock,
  mirror,
  stage,
  backup,
  restore,
  feast,
  comment,
  check,
  test,
  bench,
};
