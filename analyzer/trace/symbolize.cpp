// SPDX-License-Identifier: MIT
//
// See symbolize.h. Lines and inlined frames come from LLVM's symbolizer, which also finds separate debug
// files; names of data come from DWARF itself (debug_types.h), because the symbolizer stops at the variable's
// name.
#include "trace/symbolize.h"

#include "trace/debug_types.h"
#include "trace/function_name.h"

#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/DebugInfo/DWARF/DWARFCompileUnit.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/DebugInfo/DWARF/DWARFExpression.h"
#include "llvm/DebugInfo/Symbolize/SymbolizableModule.h"
#include "llvm/DebugInfo/Symbolize/Symbolize.h"
#include "llvm/Object/BuildID.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/Path.h"

#include <map>
#include <unordered_map>

using namespace llvm;

namespace gordian::trace {

namespace {

std::string normalised(StringRef file) {
  if (file.empty() || file == DILineInfo::BadString)
    return "";
  SmallString<256> path(file);
  sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return path.str().str();
}

Location declaration(DWARFDie die) {
  return {normalised(declaredFile(die)), static_cast<unsigned>(die.getDeclLine()), 0};
}

symbolize::LLVMSymbolizer::Options symbolizerOptions() {
  symbolize::LLVMSymbolizer::Options options;
  options.PrintFunctions = DILineInfoSpecifier::FunctionNameKind::LinkageName;
  options.PathStyle = DILineInfoSpecifier::FileLineInfoKind::AbsoluteFilePath;
  options.Demangle = true;
  return options;
}

/// The address of a variable that lives at a fixed place, as its DW_AT_location says it.
std::optional<uint64_t> fixedAddress(DWARFDie variable) {
  std::optional<DWARFFormValue> location = variable.find(dwarf::DW_AT_location);
  std::optional<ArrayRef<uint8_t>> block = location ? location->getAsBlock() : std::nullopt;
  if (!block)
    return std::nullopt;
  DWARFUnit *unit = variable.getDwarfUnit();
  DataExtractor data(toStringRef(*block), unit->getContext().isLittleEndian(), unit->getAddressByteSize());
  DWARFExpression expression(data, unit->getAddressByteSize(), unit->getFormParams().Format);
  auto operation = expression.begin();
  if (operation == expression.end() || operation->isError())
    return std::nullopt;
  if (operation->getCode() == dwarf::DW_OP_addr)
    return operation->getRawOperand(0);
  if (operation->getCode() == dwarf::DW_OP_addrx)
    if (auto address = unit->getAddrOffsetSectionItem(operation->getRawOperand(0)))
      return address->Address;
  return std::nullopt;
}

} // namespace

/// One module's files and caches.
struct ModuleInfo {
  DebugFiles files;
  object::OwningBinary<object::ObjectFile> object;
  std::unique_ptr<DWARFContext> dwarf;
  bool dwarfTried = false;
  std::unordered_map<uint64_t, std::vector<Frame>> code;
  std::unordered_map<uint64_t, std::optional<DataName>> data;

  DWARFContext *context() {
    if (!dwarfTried && !files.debug.empty()) {
      auto opened = object::ObjectFile::createObjectFile(files.debug);
      if (opened) {
        object = std::move(*opened);
        auto quiet = [](Error e) { consumeError(std::move(e)); };
        dwarf = DWARFContext::create(*object.getBinary(), DWARFContext::ProcessDebugRelocations::Process,
                                     nullptr, "", quiet, quiet);
      } else {
        consumeError(opened.takeError());
      }
    }
    dwarfTried = true;
    return dwarf.get();
  }
};

struct Symbolizer::Implementation {
  symbolize::LLVMSymbolizer llvm{symbolizerOptions()};
  std::map<std::pair<std::string, std::string>, ModuleInfo> modules;

  ModuleInfo &module(const ModuleFile &file) {
    auto [it, fresh] = modules.try_emplace({file.path, file.buildId});
    if (fresh)
      it->second.files = findDebugFiles(file);
    return it->second;
  }

  std::vector<Frame> lookUp(const ModuleFile &file, ModuleInfo &info, uint64_t offset);
  std::optional<DataName> dwarfName(ModuleInfo &info, uint64_t offset);
  std::optional<DataName> symbolName(const ModuleInfo &info, uint64_t offset);
};

Symbolizer::Symbolizer() : impl(std::make_unique<Implementation>()) {
  impl->llvm.setBuildIDFetcher(
      std::make_unique<object::BuildIDFetcher>(std::vector<std::string>{"/usr/lib/debug"}));
}
Symbolizer::~Symbolizer() = default;

/// gcc gives no linkage name to the members of local classes, lambdas above all, once they are inlined:
/// "operator()" alone. Their place in the debug information tells the rest.
static std::string nameByPlace(ModuleInfo &info, uint64_t offset, uint32_t inlined) {
  DWARFContext *context = info.context();
  DWARFCompileUnit *unit = context ? context->getCompileUnitForCodeAddress(offset) : nullptr;
  SmallVector<DWARFDie, 4> chain;
  if (unit)
    unit->getInlinedChainForAddress(offset, chain);
  return inlined < chain.size() ? qualifiedName(chain[inlined]) : std::string();
}

std::vector<Frame> Symbolizer::Implementation::lookUp(const ModuleFile &file, ModuleInfo &info,
                                                      uint64_t offset) {
  std::vector<Frame> frames;
  const std::string &path = info.files.binary.empty() ? info.files.debug : info.files.binary;
  if (!path.empty()) {
    auto inlined = llvm.symbolizeInlinedCode(path, {offset, object::SectionedAddress::UndefSection});
    if (!inlined)
      consumeError(inlined.takeError());
    for (uint32_t i = 0; inlined && i < inlined->getNumberOfFrames(); ++i) {
      const DILineInfo &line = inlined->getFrame(i);
      Frame f;
      if (line.FunctionName != DILineInfo::BadString)
        f.function = shortFunctionName(line.FunctionName);
      if (f.function.starts_with("operator"))
        if (std::string name = nameByPlace(info, offset, i); !name.empty())
          f.function = shortFunctionName(name);
      f.location = {normalised(line.FileName), line.Line, line.Column};
      if (!f.location.known())
        f.location = {};
      f.module = file.path;
      f.offset = offset;
      frames.push_back(std::move(f));
    }
  }
  if (frames.empty())
    frames.push_back({"", {}, file.path, offset});
  return frames;
}

const std::vector<Frame> &Symbolizer::code(const ModuleFile &file, uint64_t offset) {
  ModuleInfo &info = impl->module(file);
  auto [it, fresh] = info.code.try_emplace(offset);
  if (fresh)
    it->second = impl->lookUp(file, info, offset);
  return it->second;
}

std::optional<DataName> Symbolizer::Implementation::dwarfName(ModuleInfo &info, uint64_t offset) {
  DWARFContext *context = info.context();
  if (!context)
    return std::nullopt;
  for (const auto &unit : context->compile_units()) {
    DWARFDie variable = unit->getVariableForAddress(offset);
    if (!variable)
      continue;
    std::optional<uint64_t> start = fixedAddress(variable);
    DWARFDie type = variable.getAttributeValueAsReferencedDie(dwarf::DW_AT_type);
    if (!type)
      if (DWARFDie specification = variable.getAttributeValueAsReferencedDie(dwarf::DW_AT_specification))
        type = specification.getAttributeValueAsReferencedDie(dwarf::DW_AT_type);
    DataName name;
    name.name = qualifiedName(variable);
    MemberPath member = memberAt(type, start ? offset - *start : 0);
    name.name += member.text;
    name.type = typeName(member.type);
    DWARFDie declared = member.member ? member.member : variable;
    if (DWARFDie specification = declared.getAttributeValueAsReferencedDie(dwarf::DW_AT_specification))
      declared = declared.find(dwarf::DW_AT_decl_line) ? declared : specification;
    name.declaration = declaration(declared);
    return name;
  }
  return std::nullopt;
}

std::optional<DataName> Symbolizer::Implementation::symbolName(const ModuleInfo &info, uint64_t offset) {
  const std::string &path = info.files.binary.empty() ? info.files.debug : info.files.binary;
  if (path.empty())
    return std::nullopt;
  auto global = llvm.symbolizeData(path, {offset, object::SectionedAddress::UndefSection});
  if (!global) {
    consumeError(global.takeError());
    return std::nullopt;
  }
  if (global->Name.empty() || global->Name == DILineInfo::BadString)
    return std::nullopt;
  if (global->Size && offset >= global->Start + global->Size)
    return std::nullopt; // the nearest symbol ends before
  DataName name;
  name.name = global->Name;
  if (offset != global->Start)
    name.name += "+" + std::to_string(offset - global->Start);
  return name;
}

std::optional<DataName> Symbolizer::data(const ModuleFile &file, uint64_t offset) {
  ModuleInfo &info = impl->module(file);
  auto [it, fresh] = info.data.try_emplace(offset);
  if (fresh) {
    it->second = impl->dwarfName(info, offset);
    if (!it->second)
      it->second = impl->symbolName(info, offset);
  }
  return it->second;
}

namespace {

/// Looks for a parameter or variable by name in a function's DIE and its blocks.
DWARFDie findVariable(DWARFDie scope, StringRef name) {
  for (DWARFDie child : scope.children()) {
    dwarf::Tag tag = child.getTag();
    if (tag == dwarf::DW_TAG_formal_parameter || tag == dwarf::DW_TAG_variable) {
      const char *own = child.getShortName(); // follows the abstract origin of inlined copies
      if (own && name == own)
        return child;
    } else if (tag == dwarf::DW_TAG_lexical_block) {
      if (DWARFDie found = findVariable(child, name))
        return found;
    }
  }
  return {};
}

} // namespace

std::optional<ClassMember> Symbolizer::classMember(const ModuleFile &file, uint64_t offset, size_t inlined,
                                                   const std::string &variable, const std::string &member) {
  DWARFContext *context = impl->module(file).context();
  DWARFCompileUnit *unit = context ? context->getCompileUnitForCodeAddress(offset) : nullptr;
  if (!unit)
    return std::nullopt;
  SmallVector<DWARFDie, 4> chain;
  unit->getInlinedChainForAddress(offset, chain);
  DWARFDie found = inlined < chain.size() ? findVariable(chain[inlined], variable) : DWARFDie();
  if (!found)
    return std::nullopt;
  DWARFDie type = found.getAttributeValueAsReferencedDie(dwarf::DW_AT_type);
  if (!type)
    if (DWARFDie other = found.getAttributeValueAsReferencedDie(dwarf::DW_AT_abstract_origin))
      type = other.getAttributeValueAsReferencedDie(dwarf::DW_AT_type);
  DWARFDie klass = pointee(type);
  ClassMember out{klass ? qualifiedName(klass) : std::string(), {}};
  if (out.klass.empty())
    return std::nullopt;
  if (DWARFDie die = memberNamed(klass, member))
    out.declaration = declaration(die);
  return out;
}

HandOffs Symbolizer::handOffs(const ModuleFile &file, uint64_t offset) {
  DWARFContext *context = impl->module(file).context();
  return context ? handOffsAround(*context, offset) : HandOffs();
}

Polling Symbolizer::polling(const ModuleFile &file, uint64_t offset) {
  ModuleInfo &info = impl->module(file);
  DWARFContext *context = info.context();
  return context ? pollingAround(*info.object.getBinary(), *context, offset) : Polling();
}

std::vector<std::string> Symbolizer::changedModules() const {
  std::vector<std::string> paths;
  for (const auto &[key, info] : impl->modules)
    if (info.files.changed)
      paths.push_back(key.first);
  return paths;
}

} // namespace gordian::trace
