/// FHIRPath `resolve()`, `%resource` and `%rootResource`.
extension PathEvaluator {
    /// Appends the resource an item refers to: a Reference, or a plain text or uri.
    ///
    /// By `#id` within the resource that contains it, by the `fullUrl` of a Bundle's entry (`urn:` without regard to
    /// case), or by type and id (FHIR R4, bundle.html 2.36.4.1). Where several resources could be meant, none is.
    mutating func pushTarget(of item: PathItem, _ program: PathProgram, _ document: inout SourceDocument) {
        if item.isNode {
            if let target = target(of: item.node, program, &document) { items.append(PathItem(node: target)) }
        } else if item.kind == .text {
            let reference = Array(bytes(item.text, program, document))
            if let target = target(of: reference.span, from: origin, program, document) {
                items.append(PathItem(node: target))
            }
        }
    }

    /// The resource that a node refers to: a Reference, or a uri. Looked for once a document.
    mutating func target(of node: NodeID, _ program: PathProgram, _ document: inout SourceDocument) -> NodeID? {
        var source = node
        if document.ownValue(node) == nil {
            guard let child = child(program.fhir.reference, of: node, document) else { return nil }
            source = child
        }
        mark(source)
        if let known = references.known(node) { return known == 0 ? nil : known }
        let range = document.stringValue(source)
        let target = target(at: range, from: node, program, document)
        references.keep(target ?? 0, for: node, of: document.nodes.count)
        return target
    }

    private mutating func target(
        at range: TextRange, from node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> NodeID? {
        let bytes = range.start..<range.end
        if range.isAside { return target(of: document.side.span.extracting(bytes), from: node, program, document) }
        return target(of: document.source.span.extracting(bytes), from: node, program, document)
    }

    private mutating func target(
        of reference: Span<UInt8>, from node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> NodeID? {
        if !reference.isEmpty, reference[0] == 0x23 {
            return contained(reference.extracting(1..<reference.count), from: node, program, document)
        }
        if !references.isBuilt { buildReferences(program, document) }
        let whole = reference.extracting(0..<ReferenceTail.lengthWithoutVersion(reference))
        if let target = byFullUrl(whole, document) { return target }
        guard let tail = ReferenceTail(whole) else { return nil }
        return byTail(tail, of: whole, from: node, program, document)
    }

    private func child(_ name: Symbol, of node: NodeID, _ document: borrowing SourceDocument) -> NodeID? {
        let end = document.nodes[Int(node)].next
        var child = node + 1
        while child < end {
            if document.nodes[Int(child)].name == name { return child }
            child = document.nodes[Int(child)].next
        }
        return nil
    }

    /// Looks at the bytes of a node's own value where they lie; they are none when it has none.
    @inline(__always) private func withOwnBytes<Result>(
        _ node: NodeID, _ document: borrowing SourceDocument, _ body: (Span<UInt8>) -> Result
    ) -> Result {
        guard let range = document.ownValue(node) else { return body(document.side.span.extracting(0..<0)) }
        let bytes = range.start..<range.end
        if range.isAside { return body(document.side.span.extracting(bytes)) }
        return body(document.source.span.extracting(bytes))
    }

    // MARK: Contained resources

    private func contained(
        _ id: Span<UInt8>, from node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> NodeID? {
        guard let outer = outerHolder(of: node, program, document) else { return nil }
        if id.isEmpty { return outer }
        let end = document.nodes[Int(outer)].next
        var child = outer + 1
        var found: NodeID?
        while child < end {
            if document.nodes[Int(child)].name == program.fhir.contained,
                let own = self.child(program.fhir.id, of: child, document),
                withOwnBytes(own, document, { $0.isEqual(to: id) })
            {
                if found != nil { return nil }
                found = child
            }
            child = document.nodes[Int(child)].next
        }
        return found
    }

    /// The resource a node stands in, which may be the node itself.
    func holder(of node: NodeID, _ document: borrowing SourceDocument) -> NodeID? {
        var current = node
        while current != 0 {
            if document.nodes[Int(current)].flags.contains(.isResource) { return current }
            current = document.nodes[Int(current)].parent
        }
        return nil
    }

    /// The resource a node stands in, or that which contains it.
    func outerHolder(of node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument) -> NodeID? {
        guard var resource = holder(of: node, document) else { return nil }
        while document.nodes[Int(resource)].name == program.fhir.contained,
            let outer = holder(of: document.nodes[Int(resource)].parent, document)
        {
            resource = outer
        }
        return resource
    }

    // MARK: Entries of a Bundle

    private mutating func buildReferences(_ program: PathProgram, _ document: borrowing SourceDocument) {
        var node: NodeID = 1
        while node < NodeID(document.nodes.count) {
            let item = document.nodes[Int(node)]
            if item.name == program.fhir.resource, item.flags.contains(.isResource) {
                addTargets(node, item.resourceType, program, document)
            }
            node += 1
        }
        references.finish()
    }

    private mutating func addTargets(
        _ node: NodeID, _ type: Symbol, _ program: PathProgram, _ document: borrowing SourceDocument
    ) {
        let url = child(program.fhir.fullUrl, of: document.nodes[Int(node)].parent, document) ?? 0
        if url != 0 {
            let hash = withOwnBytes(url, document) { PathReferences.hash($0) }
            references.add(PathReferences.Target(hash: hash, node: node, fullUrl: url, type: 0))
        }
        if let id = child(program.fhir.id, of: node, document) {
            let hash = withOwnBytes(id, document) { PathReferences.hash($0, type) }
            references.add(PathReferences.Target(hash: hash, node: node, fullUrl: url, type: type))
        } else if url != 0, let hash = withOwnBytes(url, document, { Self.tailHash($0, type) }) {
            references.add(PathReferences.Target(hash: hash, node: node, fullUrl: url, type: type))
        }
    }

    private static func tailHash(_ url: Span<UInt8>, _ type: Symbol) -> UInt64? {
        ReferenceTail(url).map { PathReferences.hash(url.extracting($0.id), type) }
    }

    /// The one resource of that `fullUrl`; none where two entries claim it.
    private func byFullUrl(_ reference: Span<UInt8>, _ document: borrowing SourceDocument) -> NodeID? {
        var found: NodeID?
        var count = 0
        references.forEach(PathReferences.hash(reference)) { target in
            guard target.type == 0 else { return }
            guard withOwnBytes(target.fullUrl, document, { Self.agree($0, reference) }) else { return }
            count += found == target.node ? 0 : 1
            found = target.node
        }
        return count == 1 ? found : nil
    }

    private static func agree(_ url: Span<UInt8>, _ reference: Span<UInt8>) -> Bool {
        url.isEqual(to: reference)
            || PathBytes.isURN(reference) && PathBytes.equalIgnoringCase(url, reference)
    }

    /// By type and id: a relative reference first within the server its own entry is on; an absolute one only among
    /// entries without a `fullUrl`, since the same id on another server is another person.
    private func byTail(
        _ tail: ReferenceTail, of reference: Span<UInt8>, from node: NodeID, _ program: PathProgram,
        _ document: borrowing SourceDocument
    ) -> NodeID? {
        guard let type = document.symbols.symbol(of: reference.extracting(tail.type)) else { return nil }
        let id = reference.extracting(tail.id)
        let home = tail.isRelative ? ownUrl(of: node, program, document) : nil
        var found: NodeID?
        var nearest: NodeID?
        var count = 0
        var nearCount = 0
        references.forEach(PathReferences.hash(id, type)) { target in
            guard target.type == type, agrees(target, id, program, document) else { return }
            if let home, target.fullUrl != 0, areNeighbours(home, target.fullUrl, document) {
                nearCount += nearest == target.node ? 0 : 1
                nearest = target.node
            }
            if !tail.isRelative, target.fullUrl != 0 { return }
            count += found == target.node ? 0 : 1
            found = target.node
        }
        if nearCount > 0 { return nearCount == 1 ? nearest : nil }
        return count == 1 ? found : nil
    }

    private func agrees(
        _ target: PathReferences.Target, _ id: Span<UInt8>, _ program: PathProgram,
        _ document: borrowing SourceDocument
    ) -> Bool {
        if let own = child(program.fhir.id, of: target.node, document) {
            return withOwnBytes(own, document) { $0.isEqual(to: id) }
        }
        return withOwnBytes(target.fullUrl, document) { url in
            ReferenceTail(url).map { url.extracting($0.id).isEqual(to: id) } ?? false
        }
    }

    /// The `fullUrl` of the entry of a node, where it tells a server.
    private func ownUrl(of node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument) -> NodeID? {
        guard let outer = outerHolder(of: node, program, document), outer != 1,
            let url = child(program.fhir.fullUrl, of: document.nodes[Int(outer)].parent, document)
        else { return nil }
        return withOwnBytes(url, document) { ReferenceTail($0) != nil } ? url : nil
    }

    /// Whether two `fullUrl`s are of one server.
    private func areNeighbours(_ first: NodeID, _ second: NodeID, _ document: borrowing SourceDocument) -> Bool {
        withOwnBytes(first, document) { one in
            withOwnBytes(second, document) { other in
                guard let own = ReferenceTail(one), let its = ReferenceTail(other) else { return false }
                return one.extracting(own.base).isEqual(to: other.extracting(its.base))
            }
        }
    }
}
