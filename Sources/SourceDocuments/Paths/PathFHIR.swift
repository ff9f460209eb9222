/// What only FHIRPath does.
extension PathEvaluator {
    mutating func pushCallFHIR(
        _ function: PathFunction, _ operands: PathRange, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {}

    mutating func compareFHIR(
        _ comparison: PathComparison, _ left: Range<Int>, _ right: Range<Int>, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> Bool? { nil }

    mutating func isIn(
        _ left: ExpressionID, _ right: ExpressionID, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> Bool? { nil }

    mutating func singleLogic(_ base: Int, _ program: PathProgram, _ document: inout SourceDocument) -> Bool? { nil }

    mutating func takeDistinct(_ inputs: Range<Int>, _ program: PathProgram, _ document: inout SourceDocument) {}

    mutating func pushJoined(
        _ left: ExpressionID, _ right: ExpressionID, _ emptyIsText: Bool, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {}

    mutating func pushTarget(of item: PathItem, _ program: PathProgram, _ document: inout SourceDocument) {}

    func holder(of node: NodeID, _ document: borrowing SourceDocument) -> NodeID? { nil }
    func outerHolder(of node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument) -> NodeID? { nil }
}

extension PathBuilder {
    mutating func parseFHIRPath() throws(PathProblem) -> TypedExpression { throw problem("none yet") }
}
