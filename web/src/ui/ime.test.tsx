/** Enter that chooses a word of an input method is no command. */
import { fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { composing, onEnter } from './ime';

describe('keys of an input method', () => {
  it('are known by the flag and by the old key code', () => {
    expect(composing({ key: 'Enter', isComposing: true })).toBe(true);
    expect(composing({ key: 'Enter', keyCode: 229 })).toBe(true);
    expect(composing({ key: 'Enter', nativeEvent: { isComposing: true } })).toBe(true);
    expect(composing({ key: 'Enter', keyCode: 13 })).toBe(false);
  });
  it('do not submit while a word is being chosen', () => {
    const act = vi.fn();
    render(<input aria-label="q" onKeyDown={onEnter(act)} />);
    const input = screen.getByLabelText('q');
    fireEvent.keyDown(input, { key: 'Enter', isComposing: true });
    fireEvent.keyDown(input, { key: 'Enter', keyCode: 229 });
    fireEvent.keyDown(input, { key: 'a', keyCode: 65 });
    expect(act).not.toHaveBeenCalled();
    fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
    expect(act).toHaveBeenCalledOnce();
  });
});
