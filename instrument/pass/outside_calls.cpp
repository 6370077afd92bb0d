// SPDX-License-Identifier: MIT
//
// LLVM pass: tells the race predictor (../predict) where a program leaves the code that is compiled with this
// pass. What runs there reads and writes memory unseen, so the predictor must take the critical sections
// around it as they were observed; without the pass it could not tell them from those that it sees all of,
// and could predict nothing.
//
//   1. Every function that is instrumented gets a mark in front of it (prefix data), by which callers that
//   know only its
//      address recognise it.
//   2. Before a call of a function that is not compiled here, and after it (on both ways out):
//        __gordian_memory_call()                          one that only touches memory (known_functions.def)
//        __gordian_call_begin(callee), __gordian_call_end()   unknown, or known by its address only: where
//        the mark is
//                                                         missing, anything may happen in it
//      Calls that change nothing are left alone.
//
// Loaded by the wrapper with -fpass-plugin. It runs last, as ThreadSanitizer's own pass does, in either
// order.
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Passes/PassPlugin.h"

#include "instrument/pass/mark.h"

using namespace llvm;

namespace {

enum class Effect { None, Memory, Unknown };

/// known_functions.def; nothing where no row matches.
std::optional<Effect> known(StringRef name) {
#define EXACT(text, effect)                                                                                  \
  if (name == text)                                                                                          \
    return Effect::effect;
#define PREFIX(text, effect)                                                                                 \
  if (name.starts_with(text))                                                                                \
    return Effect::effect;
#include "instrument/pass/known_functions.def"
  return std::nullopt;
}

bool isInstrumented(const Function &function) {
  return !function.isDeclaration() && function.hasFnAttribute(Attribute::SanitizeThread) &&
         !function.hasFnAttribute(Attribute::Naked);
}

Effect effectOfAsm(const CallBase &call) {
  const auto *code = cast<InlineAsm>(call.getCalledOperand());
  const bool empty = StringRef(code->getAsmString()).trim().empty(); // a compiler barrier
  return empty || call.doesNotAccessMemory() ? Effect::None : Effect::Unknown;
}

class OutsideCalls {
public:
  OutsideCalls(Module &module, FunctionAnalysisManager &analyses) : module_(module), analyses_(analyses) {
    LLVMContext &context = module.getContext();
    Type *nothing = Type::getVoidTy(context);
    memoryCall_ = module.getOrInsertFunction("__gordian_memory_call", nothing);
    begin_ = module.getOrInsertFunction("__gordian_call_begin", nothing, PointerType::getUnqual(context));
    end_ = module.getOrInsertFunction("__gordian_call_end", nothing);
  }

  void run() {
    std::vector<std::pair<CallBase *, Effect>> calls;
    for (Function &function : module_) {
      if (!isInstrumented(function))
        continue;
      mark(function);
      const TargetLibraryInfo &library = analyses_.getResult<TargetLibraryAnalysis>(function);
      for (Instruction &instruction : instructions(function))
        if (auto *call = dyn_cast<CallBase>(&instruction))
          if (const Effect effect = effectOf(*call, library); effect != Effect::None)
            calls.push_back({call, effect});
    }
    for (auto [call, effect] : calls)
      effect == Effect::Memory ? insertMemoryCall(*call) : insertAround(*call);
  }

private:
  /// Sixteen bytes, so that the function stays aligned; the mark is the last four.
  void mark(Function &function) {
    if (function.hasPrefixData() || function.hasAvailableExternallyLinkage())
      return;
    Type *word = Type::getInt32Ty(module_.getContext());
    Constant *zero = ConstantInt::get(word, 0);
    Constant *last = ConstantInt::get(word, gordian::kInstrumentedMark);
    function.setPrefixData(ConstantArray::get(ArrayType::get(word, 4), {zero, zero, zero, last}));
    if (function.getAlign().valueOrOne() < Align(16))
      function.setAlignment(Align(16));
  }

  Effect effectOf(const CallBase &call, const TargetLibraryInfo &library) const {
    if (call.isInlineAsm())
      return effectOfAsm(call);
    if (isa<IntrinsicInst>(call) || call.doesNotAccessMemory() || call.onlyAccessesInaccessibleMemory())
      return Effect::None;
    const auto *callee = dyn_cast<Function>(call.getCalledOperand()->stripPointerCasts());
    if (!callee)
      return Effect::Unknown;
    if (isInstrumented(*callee))
      return Effect::None;
    if (const std::optional<Effect> effect = known(callee->getName()))
      return *effect;
    LibFunc function;
    return library.getLibFunc(*callee, function) ? Effect::Memory : Effect::Unknown;
  }

  void insertMemoryCall(CallBase &call) { IRBuilder<>(&call).CreateCall(memoryCall_); }

  void insertAround(CallBase &call) {
    Value *callee = call.isInlineAsm() ? Constant::getNullValue(PointerType::getUnqual(module_.getContext()))
                                       : call.getCalledOperand();
    IRBuilder<>(&call).CreateCall(begin_, {callee});
    // The end does nothing where nothing has begun, so blocks that are reached otherwise too need no
    // splitting.
    if (auto *invoke = dyn_cast<InvokeInst>(&call)) {
      insertEnd(*invoke->getNormalDest()->getFirstInsertionPt());
      insertEnd(*invoke->getUnwindDest()->getFirstInsertionPt());
    } else if (!call.isMustTailCall() && !call.doesNotReturn()) {
      insertEnd(*call.getNextNode());
    }
  }

  void insertEnd(Instruction &before) { IRBuilder<>(&before).CreateCall(end_); }

  Module &module_;
  FunctionAnalysisManager &analyses_;
  FunctionCallee memoryCall_, begin_, end_;
};

struct OutsideCallsPass : PassInfoMixin<OutsideCallsPass> {
  PreservedAnalyses run(Module &module, ModuleAnalysisManager &manager) {
    auto &analyses = manager.getResult<FunctionAnalysisManagerModuleProxy>(module).getManager();
    OutsideCalls(module, analyses).run();
    return PreservedAnalyses::none();
  }
  static bool isRequired() { return true; } // at -O0 and in optnone functions too
};

} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "gordian", "1", [](PassBuilder &builder) {
            builder.registerOptimizerLastEPCallback(
                [](ModulePassManager &passes, OptimizationLevel) { passes.addPass(OutsideCallsPass()); });
          }};
}
