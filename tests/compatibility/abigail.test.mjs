import { abidiff } from '../../abi/guards/abigail.mjs';
import { bites, passes } from './patched.mjs';
import * as change from './changes.mjs';

passes(abidiff, 'a parameter of another name', [['host.h', 'careplug_close(careplug_handle loader);', 'careplug_close(careplug_handle which);']]);
bites(abidiff, 'a member inserted in the middle', [change.insertedMember], /int32_t urgency/);
bites(abidiff, 'a renamed member', [change.renamedMember], /generation/);
bites(abidiff, 'a shrunk record', [change.shrunkRecord], /birth_date/);
bites(abidiff, 'a member at the end of a record', [change.appendedMember], /int64_t sent/);
bites(abidiff, 'a changed parameter of a policy function', [change.policyParameter], /careplug_policy/);
bites(abidiff, 'a changed parameter of a host function', [change.hostParameter], /careplug_word/);
bites(abidiff, 'a removed function', [change.removedFunction], /careplug_release/);
bites(abidiff, 'a new function', [change.addedFunction], /careplug_keep/);
