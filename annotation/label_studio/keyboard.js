// Words of the ad marked by keyboard, which Label Studio itself leaves to the mouse. While the ad has the focus (Tab):
// Left and Right choose the word before or after, with Shift one more of them, Up and Down a word of the line above or
// below; Enter marks what is chosen with the label whose key was pressed.
if (!window.safelightKeyboard) {
  window.safelightKeyboard = true;
  const directions = {ArrowLeft: "backward", ArrowUp: "backward", ArrowRight: "forward", ArrowDown: "forward"};
  document.addEventListener("keydown", event => {
    const ad = event.target.closest?.(".safelight-text");
    if (!ad || event.ctrlKey || event.altKey || event.metaKey || getComputedStyle(ad).filter !== "none") return;
    const selection = getSelection();
    if (!ad.contains(selection.anchorNode) || !ad.contains(selection.focusNode)) selection.collapse(ad, 0);
    const direction = directions[event.key];
    if (direction) {
      const [node, offset] = [selection.focusNode, selection.focusOffset];
      const isLine = event.key === "ArrowUp" || event.key === "ArrowDown";
      if (!event.shiftKey) {
        if (direction === "forward") selection.collapseToEnd();
        else selection.collapseToStart();
        if (isLine) {
          selection.modify("move", direction, "line");
          selection.modify("move", "forward", "word");
          selection.modify("move", "backward", "word");
        }
      }
      selection.modify("extend", isLine ? "forward" : direction, "word");
      if (!ad.contains(selection.anchorNode) || !ad.contains(selection.focusNode)) selection.collapse(node, offset);
      event.preventDefault();
    } else if (event.key === "Enter" && !selection.isCollapsed) {
      const before = selection.getRangeAt(0).cloneRange();
      before.setStart(ad, 0);
      let left = before.toString().length;
      ad.dispatchEvent(new MouseEvent("mouseup", {bubbles: true})); // what Label Studio waits for
      const texts = document.createTreeWalker(ad, NodeFilter.SHOW_TEXT); // go on behind the mark
      while (texts.nextNode() && left > texts.currentNode.length) left -= texts.currentNode.length;
      selection.collapse(texts.currentNode, Math.min(left, texts.currentNode.length));
      event.preventDefault();
    }
  });
}
