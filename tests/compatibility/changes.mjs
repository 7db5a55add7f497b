// Careless changes of the headers: [header, text, its replacement].
export const insertedMember = ['host.h', '  int32_t kind;\n  careplug_status status;', '  int32_t kind;\n  int32_t urgency;\n  careplug_status status;'];
export const reorderedMembers = ['host.h', '  int32_t kind;\n  careplug_status status;', '  careplug_status status;\n  int32_t kind;'];
export const renamedMember = ['host.h', '  uint64_t generation;', '  uint64_t age;'];
export const shrunkRecord = ['base.h', '  uint8_t birth_date[16];\n', ''];
export const shrunkText = ['host.h', '  uint8_t words[64];', '  uint8_t words[32];'];
export const appendedMember = ['host.h', '  int64_t time;\n} careplug_event;', '  int64_t time;\n  int64_t sent;\n} careplug_event;'];
export const grownPart = ['host.h', '  int64_t changed; /* 0 unless FLAG_CHANGED */', '  int64_t changed;\n  int64_t until;'];
export const grownTable = [
  'plugin.h',
  '} careplug_policy;',
  '\n  /* [policy | open | instant] */\n  void(CAREPLUG_CALL *forget)(uint64_t policy);\n} careplug_policy;',
];
export const policyParameter = ['plugin.h', 'uint64_t count, int64_t now);', 'uint64_t count, int32_t now);'];
export const policyParameterRecord = ['plugin.h', 'careplug_policy_flag *flags, uint64_t stride,', 'careplug_plugin_offer *flags, uint64_t stride,'];
export const policyParameterConst = ['plugin.h', '(uint64_t policy, careplug_policy_flag *flags,', '(uint64_t policy, const careplug_policy_flag *flags,'];
export const hostParameter = ['host.h', 'uint32_t word,\n', 'uint64_t word,\n'];
export const hostParameterAdded = ['host.h', 'careplug_close(careplug_handle loader);', 'careplug_close(careplug_handle loader, int32_t how);'];
export const removedFunction = [
  'host.h',
  'CAREPLUG_API careplug_status CAREPLUG_CALL careplug_release(careplug_handle handle);',
  '',
];
export const addedFunction = [
  'host.h',
  '/* Gives a result, problem',
  '/* [any-thread | any | instant] */\nCAREPLUG_API careplug_status CAREPLUG_CALL careplug_keep(careplug_handle handle);\n\n/* Gives a result, problem',
];
export const longMember = ['host.h', '  int64_t checked; ', '  long checked; '];
export const macroValue = ['base.h', '#define CAREPLUG_KNOWLEDGE_NO_PLAN 1 ', '#define CAREPLUG_KNOWLEDGE_NO_PLAN 2 '];
export const furtherTable = [
  'plugin.h',
  'typedef struct careplug_plugin_offer {',
  `typedef struct careplug_policy_review {
  uint32_t size;
  uint32_t reserved;
  /* [policy | open | local] */
  careplug_status(CAREPLUG_CALL *review)(uint64_t policy, const char *plan, uint64_t plan_length, int64_t now);
} careplug_policy_review;

typedef struct careplug_plugin_offer {`,
];
export const answerWithFurtherTable = ['plugin.h', '} careplug_plugin_answer;', '  const careplug_policy_review *review;\n} careplug_plugin_answer;'];
