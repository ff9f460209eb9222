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
            let reference = bytes(item.text, program, document)
            if let target = target(of: reference, from: origin, program, document) {
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
        let text = PathText(document.stringValue(source))
        let target = target(of: bytes(text, program, document), from: node, program, document)
        references.keep(target ?? 0, for: node, of: document.nodes.count)
        return target
    }

    private mutating func target(
        of reference: ArraySlice<UInt8>, from node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> NodeID? {
        if reference.first == 0x23 { return contained(reference.dropFirst(), from: node, program, document) }
        if !references.isBuilt { buildReferences(program, document) }
        let whole = ReferenceTail.withoutVersion(reference)
        if let target = byFullUrl(whole, document) { return target }
        guard let tail = ReferenceTail(whole) else { return nil }
        return byTail(tail, from: node, program, document)
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

    /// The bytes of a node's own value.
    private func ownBytes(_ node: NodeID, _ document: borrowing SourceDocument) -> ArraySlice<UInt8> {
        guard let range = document.ownValue(node) else { return [] }
        return range.isAside ? document.side[range.start..<range.end] : document.source[range.start..<range.end]
    }

    // MARK: Contained resources

    private func contained(
        _ id: ArraySlice<UInt8>, from node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> NodeID? {
        guard let outer = outerHolder(of: node, program, document) else { return nil }
        if id.isEmpty { return outer }
        let end = document.nodes[Int(outer)].next
        var child = outer + 1
        var found: NodeID?
        while child < end {
            if document.nodes[Int(child)].name == program.fhir.contained,
                let own = self.child(program.fhir.id, of: child, document), ownBytes(own, document) == id
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
            let hash = PathReferences.hash(ownBytes(url, document))
            references.add(PathReferences.Target(hash: hash, node: node, fullUrl: url, type: 0))
        }
        if let id = child(program.fhir.id, of: node, document) {
            let hash = PathReferences.hash(ownBytes(id, document), type)
            references.add(PathReferences.Target(hash: hash, node: node, fullUrl: url, type: type))
        } else if url != 0, let tail = ReferenceTail(ownBytes(url, document)) {
            references.add(
                PathReferences.Target(hash: PathReferences.hash(tail.id, type), node: node, fullUrl: url, type: type))
        }
    }

    /// The one resource of that `fullUrl`; none where two entries claim it.
    private func byFullUrl(_ reference: ArraySlice<UInt8>, _ document: borrowing SourceDocument) -> NodeID? {
        let isUrn = PathBytes.hasPrefix(reference, "urn:")
        var found: NodeID?
        var count = 0
        references.forEach(PathReferences.hash(reference)) { target in
            guard target.type == 0 else { return }
            let url = ownBytes(target.fullUrl, document)
            guard url == reference || isUrn && PathBytes.equalIgnoringCase(url, reference) else { return }
            count += found == target.node ? 0 : 1
            found = target.node
        }
        return count == 1 ? found : nil
    }

    /// By type and id: a relative reference first within the server its own entry is on; an absolute one only among
    /// entries without a `fullUrl`, since the same id on another server is another person.
    private func byTail(
        _ tail: ReferenceTail, from node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> NodeID? {
        let name = Array(tail.type)
        guard let type = document.symbols.symbol(of: name.span) else { return nil }
        let base = tail.isRelative ? ownBase(of: node, program, document) : nil
        var found: NodeID?
        var nearest: NodeID?
        var count = 0
        var nearCount = 0
        references.forEach(PathReferences.hash(tail.id, type)) { target in
            guard target.type == type, agrees(target, tail, program, document) else { return }
            let url = target.fullUrl == 0 ? [] : ownBytes(target.fullUrl, document)
            if tail.isRelative, let base, let other = ReferenceTail(url), other.base == base {
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
        _ target: PathReferences.Target, _ tail: ReferenceTail, _ program: PathProgram,
        _ document: borrowing SourceDocument
    ) -> Bool {
        if let id = child(program.fhir.id, of: target.node, document) { return ownBytes(id, document) == tail.id }
        return ReferenceTail(ownBytes(target.fullUrl, document))?.id == tail.id
    }

    /// The server that the entry of a node is on, by its `fullUrl`.
    private func ownBase(
        of node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> ArraySlice<UInt8>? {
        guard let outer = outerHolder(of: node, program, document), outer != 1,
            let url = child(program.fhir.fullUrl, of: document.nodes[Int(outer)].parent, document)
        else { return nil }
        return ReferenceTail(ownBytes(url, document))?.base
    }
}
